package lumbar.spark;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Lines of an export as they stand there: of which type each is, and what is wrong with the first that cannot be read. */
final class Lines {
  static final StructType named =
      new StructType().add("type", DataTypes.StringType).add("id", DataTypes.StringType);

  private static final JsonFactory json =
      JsonFactory.builder().enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final byte[] newline = {'\n'};

  /** Null for what is not one object of JSON, and nothing else. */
  static Row nameOf(String line) {
    try (var parser = json.createParser(line)) {
      return nameIn(parser);
    } catch (IOException broken) {
      return null;
    }
  }

  private static Row nameIn(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    String type = null;
    String id = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.skipChildren();
      } else if (name.equals("resourceType")) {
        type = parser.getText();
      } else if (name.equals("id")) {
        id = parser.getText();
      }
    }
    return parser.nextToken() == null ? RowFactory.create(type, id) : null;
  }

  /** `file`, `line` and `why`; nothing where each line is a resource of this type. */
  static Map<String, Object> odd(String resource, List<String> files, Configuration stores) throws IOException {
    for (var file : files) {
      var path = new Path(file);
      var codec = new CompressionCodecFactory(stores).getCodec(path);
      var bytes = path.getFileSystem(stores).open(path);
      var line = new Text();
      var number = 0;
      try (var lines = new LineReader(codec == null ? bytes : codec.createInputStream(bytes), newline)) {
        while (lines.readLine(line) > 0) {
          number += 1;
          var why = whyNot(resource, line);
          if (why != null) {
            return Map.of("file", file, "line", number, "why", why);
          }
        }
      } catch (IOException broken) {
        return Map.of("file", file, "line", number + 1, "why", "cannot be read on (" + broken.getMessage() + ")");
      }
    }
    return Map.of();
  }

  private static String whyNot(String resource, Text bytes) {
    String line;
    try {
      line = Text.decode(bytes.getBytes(), 0, bytes.getLength(), false).replaceFirst("^\uFEFF", "");
    } catch (CharacterCodingException broken) {
      return "it is not written in UTF-8";
    }
    if (line.isBlank()) {
      return null;
    }
    var name = nameOf(line);
    if (name == null) {
      return "it is no JSON, or not one resource alone";
    }
    if (name.isNullAt(0)) {
      return "it does not say of which type it is (resourceType)";
    }
    if (!name.getString(0).equals(resource)) {
      return "it is of type " + name.getString(0) + ", among those of " + resource;
    }
    if (name.isNullAt(1) || name.getString(1).isEmpty()) {
      return "it has no id";
    }
    try {
      FhirContext.forR4Cached().newJsonParser().parseResource(line);
      return null;
    } catch (RuntimeException refused) {
      return "it is no FHIR R4 (" + withoutValues(refused.getMessage()) + ")";
    }
  }

  /** What the parser says of a place, and nothing that stands there: it is somebody's chart. */
  private static String withoutValues(String said) {
    return said == null ? "" : said.replaceAll("\"[^\"]*\"", "…").lines().findFirst().orElse("");
  }
}
