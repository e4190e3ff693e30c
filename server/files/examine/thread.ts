/** The thread in which a file is examined; see apart.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { Order, Report } from "./apart.ts";
import { examine } from "./index.ts";

const { bytes, contentType } = workerData as Order;
const rejection = await examine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType);
parentPort?.postMessage({ bytes, rejection } satisfies Report, [bytes.buffer as ArrayBuffer]);
