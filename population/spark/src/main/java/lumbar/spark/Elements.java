package lumbar.spark;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimePrimitiveDatatypeDefinition;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.BaseDateTimeType;

/** The elements of a line that views read: others are passed over, whatever they are, as DuckDB passes over them. */
final class Elements {
  /** Of which type an element is, whether it repeats, and what is read within it. */
  record Form(String type, boolean repeats, LinkedHashMap<String, Form> parts) {
    boolean isPrimitive() {
      return type.equals("string") || type.equals("number") || type.equals("boolean");
    }
  }

  private static final FhirContext fhir = FhirContext.forR4Cached();
  private static final JsonNodeFactory nodes = JsonNodeFactory.withExactBigDecimals(true);

  private Elements() {}

  /** What nobody can tell the meaning of; said without a word of the line, which is somebody's chart. */
  static final class Odd extends RuntimeException {
    Odd(String why) {
      super(why);
    }
  }

  /** Null for what is not one object of JSON, and nothing else. Throws Odd where an element that is read stands there twice. */
  static ObjectNode read(String line, Form form) {
    try (var parser = Lines.json.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      var read = objectIn(parser, form);
      return parser.nextToken() == null ? read : null;
    } catch (IOException broken) {
      return null;
    }
  }

  private static ObjectNode objectIn(JsonParser parser, Form form) throws IOException {
    var read = nodes.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var part = form.parts().get(name);
      parser.nextToken();
      if (part == null) {
        parser.skipChildren();
      } else if (read.has(name)) {
        throw new Odd(name + " stands there twice");
      } else {
        read.set(name, valueIn(parser, part));
      }
    }
    return read;
  }

  private static JsonNode valueIn(JsonParser parser, Form form) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return singleIn(parser, form);
    }
    var list = nodes.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        // No list of FHIR holds one: what is in it does not matter.
        parser.skipChildren();
        list.add(nodes.arrayNode());
      } else {
        list.add(singleIn(parser, form));
      }
    }
    return list;
  }

  private static JsonNode singleIn(JsonParser parser, Form form) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> objectIn(parser, form);
      case VALUE_STRING -> nodes.textNode(parser.getText());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      default -> nodes.numberNode(parser.getDecimalValue());
    };
  }

  /** An element that has another form than FHIR gives it, in the words of `odd-line.ts`; null where there is none. */
  static String misfit(JsonNode value, Form form) {
    for (var part : form.parts().entrySet()) {
      var name = part.getKey();
      var child = part.getValue();
      var found = value.get(name);
      if (found == null || found.isNull()) {
        continue;
      }
      if (child.repeats() != found.isArray()) {
        return name + (child.repeats() ? " is a list in FHIR, and none here" : " is no list in FHIR, and one here");
      }
      for (var each : found.isArray() ? found : nodes.arrayNode().add(found)) {
        if (each.isNull()) {
          continue;
        }
        var why = wrongForm(each, child);
        if (why != null) {
          return name + " " + why;
        }
        var within = each.isObject() ? misfit(each, child) : null;
        if (within != null) {
          return name + ": " + within;
        }
      }
    }
    return null;
  }

  private static String wrongForm(JsonNode value, Form form) {
    if (!form.isPrimitive()) {
      return value.isObject() ? null : "has parts in FHIR, and none here";
    }
    return switch (form.type()) {
      case "string" -> value.isContainerNode() ? "is a text in FHIR, and none here" : null;
      case "number" -> numberIn(value) == null ? "is a number in FHIR, and none here" : null;
      default -> booleanIn(value) == null ? "is a boolean in FHIR, and none here" : null;
    };
  }

  /** As DuckDB reads them: a number may be written as a text, and a truth as a number. */
  private static BigDecimal numberIn(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    var said = value.asText().strip();
    return value.isTextual() && said.matches("-?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?") ? new BigDecimal(said) : null;
  }

  private static Boolean booleanIn(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isNumber()) {
      return value.decimalValue().signum() != 0;
    }
    return switch (value.asText().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y" -> true;
      case "false", "f", "no", "n" -> false;
      default -> null;
    };
  }

  /** As Pathling's parser takes it: what would be no value of its type, such as a day that no calendar has, is left out. */
  static String written(ObjectNode read, Form form) {
    var type = fhir.getResourceDefinition(form.type());
    var parts = partsOf(read, form, type);
    return parts.put("resourceType", form.type()).toString();
  }

  private static ObjectNode partsOf(JsonNode value, Form form, BaseRuntimeElementDefinition<?> type) {
    var parts = nodes.objectNode();
    var children = type instanceof BaseRuntimeElementCompositeDefinition<?> composite ? composite : null;
    for (var part : form.parts().entrySet()) {
      var found = value.get(part.getKey());
      if (found == null || found.isNull()) {
        continue;
      }
      var child = children == null ? null : children.getChildByName(part.getKey());
      var written = new Part(part.getKey(), part.getValue(), child).written(found);
      if (written != null) {
        parts.set(part.getKey(), written);
      }
    }
    return parts;
  }

  /** `child` is what FHIR says of it. */
  private record Part(String name, Form form, BaseRuntimeChildDefinition child) {
    JsonNode written(JsonNode found) {
      if (!found.isArray()) {
        return one(found);
      }
      var list = nodes.arrayNode();
      for (var each : found) {
        var written = one(each);
        if (written != null) {
          list.add(written);
        }
      }
      return list;
    }

    private JsonNode one(JsonNode value) {
      var type = child == null ? null : child.getChildByName(name);
      if (!form.isPrimitive()) {
        var parts = value.isObject() ? partsOf(value, form, type) : nodes.objectNode();
        // It is there, whatever else is in it: without anything the parser would take it for nothing.
        return parts.isEmpty() ? parts.put("id", "there") : parts;
      }
      if (value.isNull()) {
        return null;
      }
      var written =
          switch (form.type()) {
            case "number" -> nodes.numberNode(numberIn(value));
            case "boolean" -> nodes.booleanNode(booleanIn(value));
            default -> nodes.textNode(value.asText());
          };
      if (isValue(written.asText(), type)) {
        return written;
      }
      // Of a moment that is none, such as 2024-05-06 at half past 27, the day.
      var day = written.asText().substring(0, Math.min(10, written.asText().length()));
      return isMoment(type) && isValue(day, type) ? nodes.textNode(day) : null;
    }

    private static boolean isMoment(BaseRuntimeElementDefinition<?> type) {
      return type != null && BaseDateTimeType.class.isAssignableFrom(type.getImplementingClass());
    }

    private boolean isValue(String said, BaseRuntimeElementDefinition<?> type) {
      if (said.isEmpty()) {
        return false;
      }
      try {
        if (type instanceof RuntimePrimitiveDatatypeDefinition) {
          var made = type.newInstance(child.getInstanceConstructorArguments());
          ((IPrimitiveType<?>) made).setValueAsString(said);
        }
        return true;
      } catch (RuntimeException refused) {
        return false;
      }
    }
  }
}
