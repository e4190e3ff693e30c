import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { createServer as createTlsServer, request } from "node:https";
import path from "node:path";
import { expect } from "vitest";
import { project } from "../start/support.ts";
import type { Json } from "../support.ts";
import { etc, place } from "./deployment.ts";

const fixtures = path.join(project, "providers", "webhooks", "tests", "fixtures");

type Answer = { data?: Json; errors?: { message: string; extensions: { code: string } }[] };

export async function document(name: string, variables: object, token?: string): Promise<Json> {
  const documents: Record<string, { name: string }> = JSON.parse(
    readFileSync(path.join(etc, "documents.json"), "utf8"),
  );
  const documentId = Object.keys(documents).find((id) => documents[id]?.name === name);
  const { data, errors } = await ask({ documentId, variables }, token);
  expect({ name, errors }).toEqual({ name, errors: undefined });
  return data;
}

/** Over TLS, by the proxy. */
export function ask(body: object, token?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: place.ports.objects,
        path: "/graphql",
        method: "POST",
        rejectUnauthorized: false, // the certificate is the test's
        headers: {
          host: "api.example.com",
          "content-type": "application/json",
          ...(token && { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.once("end", () => {
          try {
            resolve(JSON.parse(text));
          } catch (error) {
            reject(error as Error);
          }
        });
      },
    );
    asked.once("error", reject);
    asked.end(JSON.stringify(body));
  });
}

/** nginx with the guide's own file where this machine has one; otherwise the same in a few lines of Node. */
export async function startProxy(): Promise<{ stop(): void }> {
  const files = { key: path.join(fixtures, "sns.key.pem"), cert: path.join(fixtures, "sns.cert.pem") };
  if (spawnSync("nginx", ["-v"]).status === 0) {
    const given = readFileSync(path.join(project, "docs/guides/production/nginx.conf"), "utf8")
      .replace("listen 443 ssl", `listen 127.0.0.1:${place.ports.objects} ssl`)
      .replace("/etc/ssl/restartix/fullchain.pem", files.cert)
      .replace("/etc/ssl/restartix/privkey.pem", files.key)
      .replace("127.0.0.1:4000", `127.0.0.1:${place.ports.api}`);
    const conf = path.join(place.dataDir, "nginx.conf");
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${place.dataDir}/${name};`,
    );
    writeFileSync(
      conf,
      `daemon off;\npid ${place.dataDir}/nginx.pid;\nerror_log ${place.dataDir}/nginx.log;\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${given}\n}\n`,
    );
    execFileSync("nginx", ["-t", "-q", "-c", conf], { stdio: "pipe" });
    const nginx: ChildProcess = spawn("nginx", ["-c", conf], { stdio: "ignore" });
    return { stop: () => void nginx.kill("SIGTERM") };
  }
  const server = createTlsServer(
    { key: readFileSync(files.key), cert: readFileSync(files.cert) },
    (incoming, outgoing) => {
      const headers = {
        ...incoming.headers,
        "x-forwarded-for": incoming.socket.remoteAddress,
        "x-forwarded-proto": "https",
      };
      const { url, method } = incoming;
      const onward = plainRequest({ port: place.ports.api, path: url, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once("error", () => outgoing.writeHead(502).end());
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => server.listen(place.ports.objects, "127.0.0.1", resolve));
  return { stop: () => void server.close() };
}
