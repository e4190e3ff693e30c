import { createHash } from "node:crypto";
import { z } from "zod";
import { picturesIn, RenderingRefused, render } from "../../pdf/index.ts";
import { describeFailure } from "../../runtime/failure.ts";
import { defineTask } from "../task.ts";

const claim = z.object({
  organization_id: z.uuid(),
  input: z.unknown(),
  object_key: z.string(),
  is_rendered: z.boolean(),
});

/**
 * Renders one issued document into the object store (DOC-02, DOC-04, DOC-05). The bytes follow from its frozen input alone and go
 * under a key of its own, so that the job may die anywhere and run twice at once: every run writes the same object, and the database
 * takes the first word of it. Why a rendering failed is kept beside the document, and the job is tried again.
 */
export default defineTask({
  payload: z.object({ documentId: z.uuid() }),

  async run({ documentId }, { query }, { objects }) {
    const claimed = await query("select * from app_private.claim_rendering($1)", [documentId]);
    if (!claimed.rows[0]) return;
    const { organization_id, input, object_key, is_rendered } = claim.parse(claimed.rows[0]);
    if (is_rendered) return;
    try {
      const store = await objects.for(organization_id);
      const { bytes, pages } = await render(input, await picturesIn(input, store));
      await store.put(object_key, bytes, { contentType: "application/pdf" });
      await query("select app_private.record_rendered($1, $2, $3, $4)", [
        documentId,
        createHash("sha256").update(bytes).digest("hex"),
        bytes.length,
        pages,
      ]);
    } catch (error) {
      const reason = error instanceof RenderingRefused ? error.message : describeFailure(error);
      await query("select app_private.record_rendering_failed($1, $2)", [documentId, reason]);
      throw error;
    }
  },
});
