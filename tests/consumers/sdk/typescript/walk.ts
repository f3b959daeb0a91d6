// Lists, files, tracks, signs in, acts, and meets a problem, with openapi-typescript and openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./build/charter.js";

const { CHARTER_URL: baseUrl = "", CHARTER_OFFICER: email = "", CHARTER_PASSWORD: password = "" } = process.env;
const api = createClient<paths>({ baseUrl });

const found = await api.GET("/v1/services", { params: { query: { category: "citizen", limit: 1 } } });
const service: components["schemas"]["Service"] | undefined = found.data?.items[0];
assert.ok(service);

const filed = await api.POST("/v1/service-requests", {
    body: {
        service_id: service.id, name: "রহিমা", address: "খুলনা", mobile: "01711123456", request: "সংশোধন", documents_confirmed: true,
    },
});
if (filed.error) throw new Error(`${filed.error.code}: ${filed.error.detail}`);
const receipt = filed.data;

const code = { params: { path: { tracking_code: receipt.tracking_code } } };
const tracked = await api.GET("/v1/tracking/{tracking_code}", code);
assert.equal(tracked.data?.state, "submitted");
assert.ok(tracked.data.available_actions.includes("withdraw"));

const session = await api.POST("/v1/auth/login", { body: { email, password } });
assert.ok(session.data);
const headers = { Authorization: `Bearer ${session.data.access_token}` };
const path = { id: receipt.id };
const seen = await api.GET("/v1/service-requests/{id}", { params: { path }, headers });
assert.equal(seen.data?.name, "রহিমা");
const acted = await api.POST("/v1/service-requests/{id}/transitions", {
    params: { path }, headers, body: { action: "acknowledge", version: seen.data.version },
});
assert.equal(acted.data?.state, "in_progress");

const stale = await api.POST("/v1/service-requests/{id}/transitions", {
    params: { path }, headers, body: { action: "complete", version: seen.data.version },
});
const problem: components["schemas"]["Problem"] | undefined = stale.error;
assert.equal(problem?.code, "version_mismatch");
const nothing = await api.GET("/v1/services/{id}", { params: { path: { id: "00000000-0000-7000-8000-000000000000" } } });
assert.equal(nothing.error?.code, "not_found");
console.log(`TypeScript: ${receipt.tracking_code} filed, tracked, acted on; ${problem.code}, ${nothing.error.code}`);
