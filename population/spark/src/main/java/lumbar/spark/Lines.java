package lumbar.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Bytes: what is longer DuckDB refuses. */
  static final int longest = 67_108_864;

  /** Of any depth, and with texts as long as a line may be: what is not read is passed over. */
  static final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).maxStringLength(longest).build())
          .build();
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
    var names = new HashSet<String>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var isNamed = name.equals("resourceType") || name.equals("id");
      if (isNamed && !names.add(name)) {
        return RowFactory.create(null, null);
      }
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

  /**
   * For Pathling, what a view reads of a line and nothing else. Throws where an element has another form than FHIR gives it;
   * which line that is `odd` finds.
   */
  static String readable(String line, String formAsJson) {
    var form = forms.computeIfAbsent(formAsJson, Lines::formIn);
    var read = Elements.read(line, form);
    var why = read == null ? "it is no JSON" : Elements.misfit(read, form);
    if (why != null) {
      throw new Elements.Odd(why);
    }
    return Elements.written(read, form);
  }

  private static final Map<String, Elements.Form> forms = new ConcurrentHashMap<>();

  private static Elements.Form formIn(String json) {
    try {
      return new ObjectMapper().readValue(json, Elements.Form.class);
    } catch (IOException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  /** `file`, `line` and `why`; nothing where each line is a resource of this type, in the form that views ask for. */
  static Map<String, Object> odd(String form, List<String> files, Configuration stores) throws IOException {
    var wanted = formIn(form);
    for (var file : files) {
      var path = new Path(file);
      var codec = new CompressionCodecFactory(stores).getCodec(path);
      var bytes = path.getFileSystem(stores).open(path);
      var line = new Text();
      var number = 0;
      try (var lines = new LineReader(codec == null ? bytes : codec.createInputStream(bytes), newline)) {
        while (lines.readLine(line) > 0) {
          number += 1;
          var why = whyNot(wanted, line);
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

  private static String whyNot(Elements.Form form, Text bytes) {
    if (bytes.getLength() > longest) {
      return "it is longer than " + longest / (1 << 20) + " MB";
    }
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
    if (!name.getString(0).equals(form.type())) {
      return "it is of type " + name.getString(0) + ", among those of " + form.type();
    }
    if (name.isNullAt(1) || name.getString(1).isEmpty()) {
      return "it has no id";
    }
    try {
      var read = Elements.read(line, form);
      return read == null ? "it is no JSON, or not one resource alone" : Elements.misfit(read, form);
    } catch (Elements.Odd odd) {
      return odd.getMessage();
    }
  }
}
