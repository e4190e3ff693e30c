import { ConfigError } from "../../../runtime/config_error.ts";
import { dataDir } from "../../../runtime/environment/data_dir.ts";
import { objectsPort } from "../index.ts";
import { startObjects } from "./index.ts";

/** The embedded object store as a process of its own. */
async function main(): Promise<void> {
  const objects = await startObjects({
    port: objectsPort(process.env),
    dataDir: dataDir(process.env),
  });
  console.log(`Objects: http://localhost:${objects.port}`);
  process.send?.("ready");

  const leave = () => void objects.stop().then(() => process.exit(0));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, leave);
  if (process.connected) process.once("disconnect", leave);
}

if (import.meta.main) {
  main().catch((error) => {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    const told = error instanceof ConfigError ? error.message : error;
    console.error(code === "EADDRINUSE" ? `Port ${port} is taken: set OBJECTS_PORT.` : told);
    process.exit(1);
  });
}
