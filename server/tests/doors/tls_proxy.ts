import { once } from "node:events";
import { request as plain } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { certificate, privateKey } from "../../../providers/webhooks/tests/sns_topic.ts";

export type TlsProxy = {
  /** https://localhost:… */
  url: string;
  ca: string;
  close(): void;
};

/**
 * What stands before the API in production: ends TLS, and says for whom it asks, as nginx and load balancers do. A
 * caller's own X-Forwarded-For goes along in front of the address that the proxy saw; `cameFrom` is that address.
 */
export async function startTlsProxy(
  upstream: string,
  cameFrom: (given: string | undefined) => string = () => "198.51.100.7",
): Promise<TlsProxy> {
  const { hostname, port } = new URL(upstream);
  const headersFor = (headers: NodeJS.Dict<string | string[]>) => {
    const given = headers["x-forwarded-for"];
    const seen = cameFrom(headers["x-test-address"] as string | undefined);
    return {
      ...headers,
      "x-forwarded-for": given ? `${given}, ${seen}` : seen,
      "x-forwarded-proto": "https",
      "x-forwarded-host": headers.host,
    };
  };
  const server = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
    const onward = plain(
      { hostname, port, method: incoming.method, path: incoming.url, headers: headersFor(incoming.headers) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on("upgrade", (incoming, near, head) => {
    const far = connect(Number(port), hostname, () => {
      const lines = Object.entries(headersFor(incoming.headers)).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      far.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
      far.write(head);
      far.pipe(near).pipe(far);
    });
    far.on("error", () => near.destroy());
    near.on("error", () => far.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca: certificate,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
