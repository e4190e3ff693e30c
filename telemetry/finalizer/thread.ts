import { parentPort } from "node:worker_threads";
import type { SessionResult } from "../publisher.ts";
import { type SummaryInput, summarise } from "./summary.ts";

export type Order = SummaryInput;
export type Report = { result: SessionResult } | { failure: string };

/** Aggregates one session after the other, so that the process goes on answering meanwhile. */
parentPort?.on("message", (order: Order) => {
  summarise(order).then(
    (result) => parentPort?.postMessage({ result } satisfies Report),
    (error: Error) =>
      parentPort?.postMessage({ failure: `${error.name}: ${error.message}` } satisfies Report),
  );
});
