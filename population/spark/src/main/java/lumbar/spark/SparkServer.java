package lumbar.spark;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Does on Spark what the report asks, one after the other: a request is a line of JSON on standard input, its answer a line
 * on standard output, {"done":true} or {"failed":"why"}. Rows go through files. Ends with its input.
 */
public final class SparkServer {
  private static final ObjectMapper json =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  public static void main(String[] arguments) throws Exception {
    // Whatever else speaks in this process, only answers go to standard output.
    var answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var spark = openSpark()) {
      var tables = new Tables(spark);
      answers.println("{\"done\":true}");
      for (var line = requests.readLine(); line != null; line = requests.readLine()) {
        answers.println(answer(tables, json.readTree(line)));
      }
    } catch (Throwable failure) {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    // Threads of others would keep the process.
    Runtime.getRuntime().halt(0);
  }

  private static SparkSession openSpark() {
    var builder =
        SparkSession.builder()
            .appName("Lumbar report")
            // As standard SQL has it, and DuckDB: "by" is a column, and 'by' a text.
            .config("spark.sql.ansi.enabled", true)
            .config("spark.sql.ansi.doubleQuotedIdentifiers", true)
            .config("spark.sql.session.timeZone", "UTC");
    return builder.getOrCreate();
  }

  private static String answer(Tables tables, JsonNode asked) throws Exception {
    var answer = json.createObjectNode();
    try {
      switch (asked.get("do").asText()) {
        case "run" -> tables.run(asked.get("sql").asText());
        case "rows" -> tables.rows(asked.get("sql").asText(), asked.get("file").asText());
        case "view" -> tables.view(json.treeToValue(asked, Tables.View.class));
        case "insert" -> tables.insert(asked.get("table").asText(), asked.get("file").asText());
        case "list" -> answer.set("names", json.valueToTree(tables.list(asked.get("folder").asText())));
        case "odd" -> {
          var files = json.convertValue(asked.get("files"), String[].class);
          answer.set("odd", json.valueToTree(tables.odd(asked.get("form").asText(), List.of(files))));
        }
        default -> throw new IllegalArgumentException("Unknown request: " + asked.get("do"));
      }
      answer.put("done", true);
    } catch (Exception failure) {
      answer.put("failed", why(failure));
    }
    return json.writeValueAsString(answer);
  }

  /** Of a job that failed somewhere: what failed first. */
  private static String why(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
