import { ConfigError } from "../runtime/config_error.ts";
import { captureConsole, createLog, describeError } from "../runtime/log.ts";
import { readSettingsFiles } from "../runtime/settings_file.ts";
import { StartupError } from "../runtime/startup_error.ts";
import { readTelemetrySettings } from "./config.ts";
import { startTelemetry } from "./service.ts";

/** The telemetry process (TEL-01, FND-28): starts, says where, and ends cleanly when told to or when its parent is gone. */
async function main(): Promise<void> {
  readSettingsFiles();
  const config = readTelemetrySettings(process.env);
  const log = createLog(config);
  captureConsole(log);
  process.on("uncaughtException", (error) => {
    log.fatal({ error: describeError(error) }, "ending on an error that nobody caught");
    process.exit(1);
  });
  const telemetry = await startTelemetry(config, log);
  process.stdout.write(`Telemetry at ${telemetry.url}\n`);

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    telemetry.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (process.connected) {
    process.once("disconnect", stop);
    process.send?.({ ready: true, url: telemetry.url });
  }
}

main().catch((error: unknown) => {
  const told =
    error instanceof ConfigError || error instanceof StartupError
      ? error.message
      : `Telemetry could not start. ${(error as Error)?.stack ?? error}`;
  process.stderr.write(`${told}\n`);
  process.exit(1);
});
