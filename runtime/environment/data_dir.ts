import { readVariable } from "./variable.ts";
import { variables } from "./variables.ts";

/** The folder of everything that a start creates, as DATA_DIR names it; .data where it names none. */
export function dataDir(env: NodeJS.ProcessEnv): string {
  return readVariable(env, "DATA_DIR", variables.DATA_DIR);
}
