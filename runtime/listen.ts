import type { Server } from "node:http";
import { ConfigError } from "./config_error.ts";

export type Place = { host?: string | undefined; port: number };

/** Listens there. Throws a ConfigError that names the variable when the port or the address stands in the way. FND-30. */
export function listen(
  server: Server,
  { host, port }: Place,
  named: { host: string; port: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, { host, port }, named)));
    server.listen(port, host, resolve);
  });
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: Place,
  named: { host: string; port: string },
): Error {
  switch (error.code) {
    case "EADDRINUSE":
    case "EACCES":
      return new ConfigError(`${named.port} must be a free port: ${port} is taken or not allowed.`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new ConfigError(`${named.host} must be an address of this machine: ${host} is none.`);
    default:
      return error;
  }
}
