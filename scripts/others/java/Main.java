// SCIM-SDK on the HTTP server of the JDK, with storage in memory.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.ResourceNode;
import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.*;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.AuthenticationScheme;
import de.captaingoldfish.scim.sdk.common.response.ScimResponse;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.*;
import de.captaingoldfish.scim.sdk.server.endpoints.base.*;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.*;
import java.util.function.Function;

public class Main {
  static class Store<T extends ResourceNode> extends ResourceHandler<T> {
    final Map<String, T> rows = new LinkedHashMap<>();
    final Class<T> type;
    final Function<T, String> unique;

    Store(Class<T> type, Function<T, String> unique) {
      this.type = type;
      this.unique = unique;
    }

    T copy(T given) {
      return JsonHelper.readJsonDocument(given.toString(), type);
    }

    void times(T given, Instant created, Instant changed) {
      Meta meta = given.getMeta().orElseGet(() -> {
        given.setMeta(Meta.builder().build());
        return given.getMeta().get();
      });
      meta.setCreated(created);
      meta.setLastModified(changed);
    }

    void refuseTaken(T given, String id) {
      boolean taken = rows.entrySet().stream().anyMatch(row -> !row.getKey().equals(id)
          && unique.apply(row.getValue()).equalsIgnoreCase(unique.apply(given)));
      if (taken) throw new ConflictException("the name is taken");
    }

    public T createResource(T given, Context context) {
      refuseTaken(given, "");
      String id = UUID.randomUUID().toString();
      given.setId(id);
      Instant now = Instant.now();
      times(given, now, now);
      rows.put(id, copy(given));
      return given;
    }

    public T getResource(String id, List<SchemaAttribute> a, List<SchemaAttribute> b, Context context) {
      return rows.containsKey(id) ? copy(rows.get(id)) : null;
    }

    public PartialListResponse<T> listResources(long start, int count, FilterNode filter, SchemaAttribute sortBy,
        SortOrder order, List<SchemaAttribute> a, List<SchemaAttribute> b, Context context) {
      List<T> all = rows.values().stream().map(this::copy).toList();
      return PartialListResponse.<T>builder().resources(all).totalResults(all.size()).build();
    }

    public T updateResource(T given, Context context) {
      String id = given.getId().orElse("");
      T old = rows.get(id);
      if (old == null) throw new ResourceNotFoundException("not found");
      refuseTaken(given, id);
      times(given, old.getMeta().get().getCreated().get(), Instant.now());
      rows.put(id, copy(given));
      return given;
    }

    public void deleteResource(String id, Context context) {
      if (rows.remove(id) == null) throw new ResourceNotFoundException("not found");
    }
  }

  static class Users extends Store<User> {
    Users() {
      super(User.class, user -> user.getUserName().orElse(""));
    }
  }

  static class Groups extends Store<Group> {
    Groups() {
      super(Group.class, group -> group.getDisplayName().orElse(""));
    }
  }

  public static void main(String[] arguments) throws IOException {
    ServiceProvider provider = ServiceProvider.builder()
        .filterConfig(FilterConfig.builder().supported(true).maxResults(500).build())
        .sortConfig(SortConfig.builder().supported(true).build())
        .bulkConfig(BulkConfig.builder().supported(true).maxOperations(100).maxPayloadSize(1L << 20).build())
        .patchConfig(PatchConfig.builder().supported(true).build())
        .changePasswordConfig(ChangePasswordConfig.builder().supported(true).build())
        .eTagConfig(ETagConfig.builder().supported(false).build())
        .authenticationSchemes(List.of(AuthenticationScheme.builder().type("oauthbearertoken").name("Bearer").description("A bearer token").build()))
        .build();
    UserEndpointDefinition users = new UserEndpointDefinition(new Users());
    GroupEndpointDefinition groups = new GroupEndpointDefinition(new Groups());
    ResourceEndpoint endpoint = new ResourceEndpoint(provider, users, groups);
    endpoint.getRegisteredResourceTypes().forEach(type -> {
      var features = ((de.captaingoldfish.scim.sdk.server.schemas.ResourceType) type).getFeatures();
      features.setAutoFiltering(true);
      features.setAutoSorting(true);
    });
    String base = "http://127.0.0.1:" + System.getenv("PORT");
    String token = "Bearer " + System.getenv("SCIM_TOKEN");
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 0);
    server.createContext("/scim/v2", exchange -> answer(exchange, endpoint, base, token));
    server.start();
  }

  static synchronized void answer(HttpExchange exchange, ResourceEndpoint endpoint, String base, String token) throws IOException {
    try (exchange) {
      if (!token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        byte[] refusal = "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"401\"}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/scim+json");
        exchange.sendResponseHeaders(401, refusal.length);
        exchange.getResponseBody().write(refusal);
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> headers = new HashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      ScimResponse response = endpoint.handleRequest(base + exchange.getRequestURI(),
          HttpMethod.valueOf(exchange.getRequestMethod()), body, headers, new Context(null));
      byte[] bytes = response.getHttpStatus() == 204 || response.getHttpStatus() == 304 ? new byte[0]
          : response.toPrettyString().getBytes(StandardCharsets.UTF_8);
      response.getHttpHeaders().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(response.getHttpStatus(), bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }
  }
}
