package lumbar.hapi;

import ca.uhn.fhir.rest.server.RestfulServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * Starts HAPI on this machine only and says where. Arguments: the port, 0 for a free one, and the JDBC URL of its
 * database. Ends with its input.
 */
public final class HapiServer {
  public static void main(String[] arguments) {
    var watch = new Thread(HapiServer::endWithInput, "input");
    watch.setDaemon(true);
    watch.start();
    try {
      start(Integer.parseInt(arguments[0]), new Database(arguments[1]));
    } catch (Throwable failure) {
      // HAPI's own threads would keep the process.
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(int port, Database database) throws Exception {
    var spring = new AnnotationConfigApplicationContext();
    spring.registerBean(Database.class, () -> database);
    spring.register(HapiConfig.class);
    spring.refresh();
    var servlets = new ServletContextHandler("/");
    servlets.addServlet(new ServletHolder(spring.getBean(RestfulServer.class)), "/fhir/*");
    var server = new Server(new InetSocketAddress("127.0.0.1", port));
    server.setHandler(servlets);
    server.start();
    var connector = (ServerConnector) server.getConnectors()[0];
    System.out.println("HAPI answers at http://127.0.0.1:" + connector.getLocalPort() + "/fhir");
  }

  /** Whoever started it holds its input: when that process ends, however it ends, so does this one. */
  private static void endWithInput() {
    try {
      while (System.in.read() != -1) {}
    } catch (IOException ended) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(0);
  }
}
