import path from "node:path";
import { ConfigError } from "../../runtime/config_error.ts";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import { mailboxAccount, mailboxVideo } from "./account.ts";
import { capturesMail } from "./captures_mail.ts";
import { startMailbox } from "./index.ts";

/** The embedded mailbox as a process of its own. */
async function main(): Promise<void> {
  const folder = path.join(dataDir(process.env), "mailbox");
  const smtpPort = capturesMail(process.env);
  const mailbox = await startMailbox({
    ...(smtpPort !== null && { smtpPort }),
    pagePort: readVariable(process.env, "MAILBOX_PORT", variables.MAILBOX_PORT),
    folder,
    account: mailboxAccount(process.env),
    videoKey: mailboxVideo(process.env).apiKey,
  });
  console.log(`Mailbox: http://localhost:${mailbox.pagePort} (SMTP on port ${mailbox.smtpPort || "none"})`);
  process.send?.("ready");

  const leave = () => void mailbox.stop().then(() => process.exit(0));
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
