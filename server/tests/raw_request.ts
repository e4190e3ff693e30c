import { request } from "node:http";

/** Asks for the session with headers as they are written: `fetch` joins repeated headers; the wire does not. */
export function rawRequest(
  url: string,
  headers: [string, string][],
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const flat = [["host", new URL(url).host], ["content-type", "application/json"], ...headers].flat();
    const sent = request(`${url}/graphql`, { method: "POST", headers: flat }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ query: "{ probeSession }" }));
  });
}
