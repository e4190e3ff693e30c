import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { defaultRates } from "../server/limits/rates.ts";
import type { Bench } from "./row.ts";

export function serverEnv(bench: Bench, dataDir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATA_DIR: dataDir,
    LOG_LEVEL: "error",
    // One caller asks more than any would; what the limits do is measured by nobody here.
    RATE_LIMITS: Object.keys(defaultRates)
      .map((name) => `${name}=6000000/6000000`)
      .join(),
    AUTHENTICATOR_DATABASE_URL: bench.urls.authenticator,
  };
}

/**
 * A server of this project in a process of its own, so that it and the bench do not lend each other the thread. `ports`:
 * the variables by which it is told where to listen.
 */
export async function startServer(
  file: string,
  env: NodeJS.ProcessEnv,
  ports: readonly string[] = ["PORT"],
): Promise<{ child: ChildProcess; url: string }> {
  const free: [string, string][] = [];
  for (const variable of ports) free.push([variable, String(await freePort())]);
  const child = fork(path.join(import.meta.dirname, "..", file), {
    env: { ...env, ...Object.fromEntries(free) },
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message: { url: string }) => resolve(message.url));
    child.once("exit", (code) => reject(new Error(`${file} ended with code ${code}`)));
  });
  return { child, url: url.replace("localhost", "127.0.0.1") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
