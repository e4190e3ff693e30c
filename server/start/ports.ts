import { createServer } from "node:net";
import { StartupError } from "../../runtime/startup_error.ts";

/** Throws when a port cannot be had, naming the variable that chooses another. */
export async function checkPorts(ports: Record<string, number>): Promise<void> {
  const chosen = new Map<number, string>();
  for (const [variable, port] of Object.entries(ports)) {
    const other = chosen.get(port);
    if (other)
      throw new StartupError(`${other} and ${variable} are both ${port}: set one of them to another port.`);
    chosen.set(port, variable);
    const problem = await tryPort(port);
    if (problem === "EADDRINUSE") {
      throw new StartupError(`Port ${port} is taken by another program: set ${variable} to a free one.`);
    }
    if (problem)
      throw new StartupError(`Port ${port} cannot be used (${problem}): set ${variable} to another one.`);
  }
}

function tryPort(port: number): Promise<string | undefined> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen({ host: "127.0.0.1", port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
