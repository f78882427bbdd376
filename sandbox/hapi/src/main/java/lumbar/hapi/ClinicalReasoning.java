package lumbar.hapi;

import org.opencds.cqf.fhir.cql.EvaluationSettings;
import org.opencds.cqf.fhir.cql.engine.retrieve.RetrieveSettings;
import org.opencds.cqf.fhir.cql.engine.retrieve.RetrieveSettings.PROFILE_MODE;
import org.opencds.cqf.fhir.cql.engine.retrieve.RetrieveSettings.SEARCH_FILTER_MODE;
import org.opencds.cqf.fhir.cql.engine.retrieve.RetrieveSettings.TERMINOLOGY_FILTER_MODE;
import org.opencds.cqf.fhir.cql.engine.terminology.TerminologySettings;
import org.opencds.cqf.fhir.cql.engine.terminology.TerminologySettings.CODE_LOOKUP_MODE;
import org.opencds.cqf.fhir.cql.engine.terminology.TerminologySettings.VALUESET_EXPANSION_MODE;
import org.opencds.cqf.fhir.cql.engine.terminology.TerminologySettings.VALUESET_MEMBERSHIP_MODE;
import org.opencds.cqf.fhir.cql.engine.terminology.TerminologySettings.VALUESET_PRE_EXPANSION_MODE;
import org.opencds.cqf.fhir.cr.hapi.config.RepositoryConfig;
import org.opencds.cqf.fhir.cr.hapi.config.r4.ApplyOperationConfig;
import org.opencds.cqf.fhir.cr.hapi.config.r4.EvaluateOperationConfig;
import org.opencds.cqf.fhir.utility.client.TerminologyServerClientSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * `$apply` of plans and `$evaluate` of libraries, with CQL, by the clinical reasoning module of HAPI, set as in HAPI's own starter
 * project: value sets are expanded as they stand, for the server itself expands none above a thousand codes.
 */
@Configuration
@Import({RepositoryConfig.class, ApplyOperationConfig.class, EvaluateOperationConfig.class})
class ClinicalReasoning {
  @Bean
  EvaluationSettings evaluationSettings() {
    var retrieval = new RetrieveSettings();
    retrieval.setSearchParameterMode(SEARCH_FILTER_MODE.USE_SEARCH_PARAMETERS);
    retrieval.setTerminologyParameterMode(TERMINOLOGY_FILTER_MODE.FILTER_IN_MEMORY);
    retrieval.setProfileMode(PROFILE_MODE.OFF);
    var terminology = new TerminologySettings();
    terminology.setCodeLookupMode(CODE_LOOKUP_MODE.USE_CODESYSTEM_URL);
    terminology.setValuesetExpansionMode(VALUESET_EXPANSION_MODE.PERFORM_NAIVE_EXPANSION);
    terminology.setValuesetMembershipMode(VALUESET_MEMBERSHIP_MODE.USE_EXPANSION);
    terminology.setValuesetPreExpansionMode(VALUESET_PRE_EXPANSION_MODE.USE_IF_PRESENT);
    var settings = EvaluationSettings.getDefault();
    settings.setRetrieveSettings(retrieval);
    settings.setTerminologySettings(terminology);
    return settings;
  }

  @Bean
  TerminologyServerClientSettings terminologyServerClientSettings() {
    return TerminologyServerClientSettings.getDefault();
  }
}
