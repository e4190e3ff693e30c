import type { Queryable } from "../secrets/index.ts";
import { CredentialsRefused } from "./failures.ts";

/** Notes whether a vendor took a clinic's keys; five refusals in a row switch the integration off (FND-23). */
export type NoteUse = <T>(integrationId: string | null, use: Promise<T>) => Promise<T>;

/**
 * Follows every use of a clinic's own account: `noteUse(resolved.integrationId, messenger.send(…))`. The
 * platform's account has no integration and is not counted. A note that cannot be written changes nothing for
 * the use: `onTrouble` hears of it.
 */
export function createNoteUse(db: Queryable, onTrouble: (error: unknown) => void = () => {}): NoteUse {
  const note = async (integrationId: string, ok: boolean) => {
    try {
      await db.query("select app_hidden.record_integration_result($1, $2)", [integrationId, ok]);
    } catch (error) {
      onTrouble(error);
    }
  };
  return async (integrationId, use) => {
    if (integrationId === null) return use;
    try {
      const result = await use;
      await note(integrationId, true);
      return result;
    } catch (error) {
      // Anything else says nothing about the keys.
      if (error instanceof CredentialsRefused) await note(integrationId, false);
      throw error;
    }
  };
}
