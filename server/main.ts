import "./graphile_env.ts";
import { ConfigError } from "../runtime/config_error.ts";
import { captureConsole, createLog, describeError } from "../runtime/log.ts";
import { readSettingsFiles } from "../runtime/settings_file.ts";
import { StartupError } from "../runtime/startup_error.ts";
import { readApiSettings } from "./api_settings.ts";
import { startServer } from "./server.ts";

/** The API process (FND-28, FND-30): starts, says where, and ends cleanly when told to or when its parent is gone. */
async function main(): Promise<void> {
  readSettingsFiles();
  const config = readApiSettings(process.env);
  const log = createLog(config);
  captureConsole(log);
  // Node would print the error as it is, and an error of the database quotes the row.
  process.on("uncaughtException", (error) => {
    log.fatal({ error: describeError(error) }, "ending on an error that nobody caught");
    process.exit(1);
  });
  const server = await startServer(config, log);
  process.stdout.write(`API at ${server.url}/graphql\n`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // `npm start` talks to its processes over IPC: when the channel closes, the parent is gone, however it went.
  if (process.connected) {
    process.once("disconnect", stop);
    process.send?.({ ready: true, url: server.url });
  }
}

main().catch((error: unknown) => {
  const told =
    error instanceof ConfigError || error instanceof StartupError
      ? error.message
      : `The API could not start. ${(error as Error)?.stack ?? error}`;
  process.stderr.write(`${told}
`);
  process.exit(1);
});
