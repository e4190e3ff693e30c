import { main } from "../../../tasks/main.ts";

/** The worker process, which takes another one for dead after seconds, so that the short form need not wait for it. */
await main({ heartbeat: { everyMs: 1_000, silentMs: 5_000 } });
