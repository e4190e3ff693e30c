import pg from "pg";
import { requireDirect } from "../db/connection/require_database.ts";
import { standingOfWorker } from "../db/connection/standing.ts";
import { composerFrom } from "../providers/composer/index.ts";
import { mailersFrom } from "../providers/email/index.ts";
import { exerciseVideosFrom } from "../providers/exercise_video/index.ts";
import { invoicingVendorsFrom } from "../providers/invoicing/index.ts";
import { openKms } from "../providers/kms/index.ts";
import { paymentVendorsFrom } from "../providers/payment/index.ts";
import { publicUrl } from "../providers/public_url.ts";
import { pusherFrom } from "../providers/push/index.ts";
import { textMessengersFrom } from "../providers/sms/index.ts";
import { storesFrom } from "../providers/storage/index.ts";
import { taxOfficeFrom } from "../providers/tax_office/index.ts";
import { videoVendorsFrom } from "../providers/video/index.ts";
import { webhookSenderFrom } from "../providers/webhooks_out/index.ts";
import { ConfigError } from "../runtime/config_error.ts";
import { describeFailure } from "../runtime/failure.ts";
import { createLog } from "../runtime/log.ts";
import { readSettingsFiles } from "../runtime/settings_file.ts";
import { StartupError } from "../runtime/startup_error.ts";
import { createNoteUse } from "../secrets/account_use.ts";
import { createSecrets } from "../secrets/index.ts";
import { createResolver } from "../secrets/resolver.ts";
import { createWebhookHandlers } from "../webhooks/index.ts";
import { readWorkerSettings } from "./config.ts";
import { turnsInDatabase } from "./turns.ts";
import { startWorker, type WorkerOptions } from "./worker.ts";

export { startWorker } from "./worker.ts";

/** The worker process: leaves in good order on a signal, or when the process that started it is gone. */
export async function main({ heartbeat }: Pick<WorkerOptions, "heartbeat"> = {}): Promise<void> {
  readSettingsFiles();
  const config = readWorkerSettings(process.env);
  const log = createLog(config);
  await requireDirect(config.databaseUrl, { variable: "WORKER_DATABASE_URL", role: "app_worker" });
  const kms = openKms(config.kms);
  // Accounts of clinics at vendors are looked up before a job's own connection is of use.
  const accountPool = new pg.Pool({
    connectionString: config.databaseUrl,
    application_name: "restartix worker accounts",
    max: 2,
  });
  accountPool.on("error", (error) =>
    log.error({ error: describeFailure(error) }, "a database connection was lost"),
  );
  // A turn at a vendor holds its connection while the vendor answers; a worker has one at a time.
  const turnPool = new pg.Pool({
    connectionString: config.databaseUrl,
    application_name: "restartix worker turns",
    max: 1,
  });
  turnPool.on("error", (error) =>
    log.error({ error: describeFailure(error) }, "a database connection was lost"),
  );
  const { standing, says } = await standingOfWorker(accountPool);
  if (standing !== "current") throw new ConfigError(says);
  const resolve = createResolver(accountPool, createSecrets(kms, accountPool));
  const noteUse = createNoteUse(accountPool, (error) =>
    log.error({ error: describeFailure(error) }, "the use of an account was not noted"),
  );
  const mailers = mailersFrom(process.env, resolve, noteUse);
  const texts = textMessengersFrom(process.env, resolve, noteUse);
  const pusher = pusherFrom(process.env) ?? undefined;
  const video = videoVendorsFrom(process.env, resolve, noteUse);
  const objects = storesFrom(process.env);
  const webhooks = createWebhookHandlers(config);
  const worker = await startWorker({
    ...config,
    ...(heartbeat && { heartbeat }),
    mailers,
    texts,
    pusher,
    objects,
    video,
    payments: paymentVendorsFrom(process.env),
    invoicing: invoicingVendorsFrom(process.env, turnsInDatabase(turnPool)),
    taxOffice: taxOfficeFrom(process.env) ?? undefined,
    composer: composerFrom(process.env) ?? undefined,
    exerciseVideos: exerciseVideosFrom(process.env, objects),
    webhooks,
    webhooksOut: webhookSenderFrom(process.env),
    kms,
    publicUrl: publicUrl(process.env),
    log,
  });
  log.info({ worker: worker.id }, "worker ready");
  // Mails wait and everything else goes on, so this is said and not fatal.
  void mailers.check().then((problem) => problem && log.warn(problem, "mail cannot leave"));
  process.send?.("ready");

  const leave = async (why: string) => {
    log.info({ worker: worker.id }, `worker leaving: ${why}`);
    // Jobs are told to end after five seconds; whatever still runs then is freed by the others.
    setTimeout(() => process.exit(1), 10_000).unref();
    await worker.stop();
    mailers.close();
    objects.close();
    kms.close();
    await Promise.all([accountPool.end(), turnPool.end()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void leave(signal));
  if (process.connected) process.once("disconnect", () => void leave("the parent is gone"));

  await worker.ended;
  await leave("the queue ended");
}

if (import.meta.main) {
  main().catch((error) => {
    const expected = error instanceof ConfigError || error instanceof StartupError;
    console.error(expected ? error.message : error);
    process.exit(1);
  });
}
