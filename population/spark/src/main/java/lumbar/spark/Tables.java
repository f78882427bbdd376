package lumbar.spark;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import au.csiro.pathling.config.EncodingConfiguration;
import au.csiro.pathling.library.PathlingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Tables of Spark, each written as Parquet once: what is only planned would be computed again at each use. */
final class Tables {
  /** `columns` are SQL over the columns of the view; `view` is a ViewDefinition, and `form` what it reads, in JSON. */
  record View(String name, String resource, List<String> files, String view, String form, List<String> columns) {}

  private final SparkSession spark;
  private final PathlingContext pathling;

  Tables(SparkSession spark) {
    this.spark = spark;
    // What views may ask of the value of an extension. A column less for each type is seconds less for each resource.
    var encoding =
        EncodingConfiguration.builder()
            .maxNestingLevel(0)
            .openTypes(Set.of("code", "Coding", "CodeableConcept", "string"))
            .build();
    this.pathling = PathlingContext.builder(spark).encodingConfiguration(encoding).build();
    spark.udf().register("named", (UDF1<String, Row>) Lines::nameOf, Lines.named);
    spark.udf().register("readable", (UDF2<String, String, String>) Lines::readable, DataTypes.StringType);
    if (spark.sparkContext().isLocal()) {
      spark.conf().set("spark.sql.shuffle.partitions", spark.sparkContext().defaultParallelism());
    }
  }

  void run(String sql) {
    spark.sql(sql);
  }

  /** One row a line, as JSON, into a file of this machine. */
  void rows(String sql, String file) throws IOException {
    // With its empty columns too, which `toJSON` leaves out.
    var json = to_json(struct(col("*")), Map.of("ignoreNullFields", "false"));
    var rows = spark.sql(sql).select(json).as(Encoders.STRING()).toLocalIterator();
    try (var writer = Files.newBufferedWriter(java.nio.file.Path.of(file))) {
      while (rows.hasNext()) {
        writer.write(rows.next());
        writer.write('\n');
      }
    }
  }

  /** Rows in a file of this machine, as `rows` writes them. */
  void insert(String table, String file) throws IOException {
    var lines = spark.createDataset(Files.readAllLines(java.nio.file.Path.of(file)), Encoders.STRING());
    spark.read().schema(spark.table(table).schema()).json(lines).write().mode("append").insertInto(table);
  }

  void view(View asked) {
    var columns = asked.columns().toArray(String[]::new);
    var readable = linesOf(asked.files()).select(call_udf("readable", col("value"), lit(asked.form())).as("value"));
    var resources = pathling.encode(readable, asked.resource());
    var source = pathling.read().datasets().dataset(asked.resource(), resources);
    var rows = source.view(asked.resource()).json(asked.view()).execute().selectExpr(columns);
    rows.write().saveAsTable(asked.name());
  }

  private Dataset<Row> linesOf(List<String> files) {
    var lines =
        files.isEmpty()
            ? spark.createDataset(List.<String>of(), Encoders.STRING()).toDF("value")
            : spark.read().text(files.toArray(String[]::new));
    // Some programs begin a file with a mark of its encoding.
    return lines.selectExpr("trim(LEADING '\uFEFF' FROM value) AS value").where("trim(value) <> ''");
  }

  /** Of any store that Hadoop knows; what begins with a dot or an underscore is a program's own. */
  List<String> list(String folder) throws IOException {
    var top = new Path(folder);
    var files = top.getFileSystem(stores()).listFiles(top, true);
    var root = top.getFileSystem(stores()).makeQualified(top).toUri();
    var names = new ArrayList<String>();
    while (files.hasNext()) {
      var name = root.relativize(files.next().getPath().toUri()).getPath();
      if (!name.matches("(.*/)?[._].*")) {
        names.add(name);
      }
    }
    Collections.sort(names);
    return names;
  }

  Map<String, Object> odd(String form, List<String> files) throws IOException {
    return Lines.odd(form, files, stores());
  }

  private Configuration stores() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
