import charter.ApiClient;
import charter.ApiException;
import charter.api.ServiceRequestsApi;
import charter.api.ServicesApi;
import charter.api.SessionsApi;
import charter.api.TrackingApi;
import charter.model.Category;
import charter.model.Credentials;
import charter.model.Problem;
import charter.model.Receipt;
import charter.model.Service;
import charter.model.ServiceRequest;
import charter.model.ServiceRequestInput;
import charter.model.Tokens;
import charter.model.Tracking;
import charter.model.TransitionInput;
import java.util.Map;
import java.util.UUID;

/** Lists, files, tracks, signs in, acts, and meets a problem, with openapi-generator's client on java.net.http. */
public final class Walk {
    public static void main(String[] arguments) throws Exception {
        var api = new ApiClient();
        api.updateBaseUri(System.getenv("CHARTER_URL"));
        var services = new ServicesApi(api);
        var requests = new ServiceRequestsApi(api);

        Service service = services.listServices(null, Category.CITIZEN, null, null, null, null, 1, null, null).getItems().get(0);
        var application = new ServiceRequestInput()
                .serviceId(service.getId()).name("রহিমা").address("খুলনা").mobile("01711123456")
                .request("সংশোধন").documentsConfirmed(true);
        Receipt receipt = requests.createServiceRequest(application, UUID.randomUUID().toString());
        Tracking tracking = new TrackingApi(api).getTracking(receipt.getTrackingCode());
        same("submitted", tracking.getState());
        same(true, tracking.getAvailableActions().contains("withdraw"));

        var credentials = new Credentials().email(System.getenv("CHARTER_OFFICER")).password(System.getenv("CHARTER_PASSWORD"));
        Tokens tokens = new SessionsApi(api).openSession(credentials);
        var signedIn = Map.of("Authorization", "Bearer " + tokens.getAccessToken());
        ServiceRequest seen = requests.getServiceRequest(receipt.getId(), signedIn);
        same("রহিমা", seen.getName());
        var acknowledge = new TransitionInput().action(ACKNOWLEDGE).version(seen.getVersion());
        ServiceRequest acted = requests.changeServiceRequest(receipt.getId(), acknowledge, null, signedIn);
        same("in_progress", acted.getState());

        var complete = new TransitionInput().action(COMPLETE).version(seen.getVersion());
        same("version_mismatch", problemOf(api, () -> requests.changeServiceRequest(receipt.getId(), complete, null, signedIn)));
        same("not_found", problemOf(api, () -> services.getService(new UUID(0, 0), null, null)));
        System.out.println("Java: " + receipt.getTrackingCode() + " filed, tracked, acted on; version_mismatch, not_found");
    }

    private static final String ACKNOWLEDGE = "acknowledge";
    private static final String COMPLETE = "complete";

    private interface Asking {
        void ask() throws ApiException;
    }

    private static String problemOf(ApiClient api, Asking asking) throws Exception {
        try {
            asking.ask();
        } catch (ApiException refused) {
            return api.getObjectMapper().readValue(refused.getResponseBody(), Problem.class).getCode();
        }
        throw new AssertionError("it was not refused");
    }

    private static void same(Object expected, Object got) {
        if (!expected.equals(got)) throw new AssertionError(expected + " was expected, not " + got);
    }
}
