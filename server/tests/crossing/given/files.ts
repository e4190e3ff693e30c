/** Files. */
import { id, type Making } from "./making.ts";

export const ofFiles: Record<string, Making> = {
  restoreFile: async (world) => {
    const file = await id(world, "select tests.id('logo of atlas') as id");
    await world.api.sql("update app_public.files set status = 'deleted', deleted_at = now() where id = $1", [
      file,
    ]);
    return { fileId: file };
  },
};
