import type { Client } from "../../../client/index.ts";
import type { Door } from "./door.ts";
export function doorOf(_client: Client): Door {
  throw new Error("not yet");
}
