import path from "node:path";
import { z } from "zod";
import { ConfigError } from "../../server/config.ts";
import { outboxAccount } from "./account.ts";
import { capturesMail } from "./captures_mail.ts";
import { startOutbox } from "./index.ts";

/** The embedded outbox as a process of its own. */
async function main(): Promise<void> {
  const folder = path.join(process.env.DATA_DIR || ".data", "mailbox");
  const smtpPort = capturesMail(process.env);
  const page = z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .safeParse(process.env.MAILBOX_PORT || 4080);
  if (!page.success) throw new ConfigError("MAILBOX_PORT must be a port number between 1 and 65535.");

  const outbox = await startOutbox({
    ...(smtpPort !== null && { smtpPort }),
    pagePort: page.data,
    folder,
    account: outboxAccount(process.env),
  });
  console.log(`Outbox: http://localhost:${outbox.pagePort} (SMTP on port ${outbox.smtpPort || "none"})`);
  process.send?.("ready");

  const leave = () => void outbox.stop().then(() => process.exit(0));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, leave);
  if (process.connected) process.once("disconnect", leave);
}

if (import.meta.main) {
  main().catch((error) => {
    const port = (error as NodeJS.ErrnoException & { port?: number }).port;
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    console.error(
      taken
        ? `Port ${port} is taken: set MAILBOX_PORT or SMTP_URL.`
        : error instanceof ConfigError
          ? error.message
          : error,
    );
    process.exit(1);
  });
}
