import { CredentialsRefused } from "../providers/failures.ts";
import type { NoteUse } from "../providers/resolve.ts";
import type { Queryable } from "./index.ts";

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
