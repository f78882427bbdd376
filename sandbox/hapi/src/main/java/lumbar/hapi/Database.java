package lumbar.hapi;

import ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirPostgresDialect;

/** Where HAPI keeps its resources: H2 or PostgreSQL, by JDBC URL. */
public record Database(String url) {
  String dialect() {
    boolean isPostgres = url.startsWith("jdbc:postgresql:");
    return (isPostgres ? HapiFhirPostgresDialect.class : HapiFhirH2Dialect.class).getName();
  }
}
