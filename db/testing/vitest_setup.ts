import { keepCompiledCode } from "./compile_cache.ts";
import { startTestServer } from "./server.ts";

/** One server for the whole vitest run, unless `npm test` has started it for all suites already. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  keepCompiledCode();
  if (process.env.RESTARTIX_TEST_SERVER) return undefined;
  const { stop } = await startTestServer();
  return stop;
}
