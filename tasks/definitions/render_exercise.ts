import { z } from "zod";
import { ComposerDelayed, ComposerRefused } from "../../providers/composer/index.ts";
import { describeFailure } from "../../runtime/failure.ts";
import { defineTask } from "../task.ts";

const claim = z.object({
  exercise_id: z.uuid(),
  slug: z.string(),
  kind: z.string(),
  recipe: z.unknown(),
  language: z.string(),
  source_key: z.string().nullable(),
  object_key: z.string(),
  asset_version: z.number(),
});
const recorded = z.object({ unneeded_video_id: z.string().nullable() });

/**
 * Has one video of an exercise made, and records where it is (EXL-03, EXL-05). The composer answers the same video however often it
 * is asked, so that the job may die anywhere and run twice at once; a video that the database does not want, since another came
 * first or it takes the place of one, is taken away. Why one could not be made is kept beside it. What no try will mend, such as a
 * bundle without its manifest, is not tried again: a new version of the material is.
 */
export default defineTask({
  payload: z.object({ renderId: z.uuid() }),

  async run({ renderId }, { query }, { composer, exerciseVideos }) {
    const claimed = await query("select * from app_private.claim_render($1)", [renderId]);
    if (!claimed.rows[0]) return;
    const render = claim.parse(claimed.rows[0]);
    const { slug, kind, recipe, language, source_key, asset_version } = render;
    try {
      if (!composer || !exerciseVideos) throw new ComposerDelayed("no composer is set up");
      const video = await composer.render({
        exercise: slug,
        kind,
        recipe: recipe ?? null,
        language,
        assetVersion: asset_version,
        bundle: source_key === null ? `exercises/${slug}/${asset_version}/` : null,
        source: source_key,
        objectKey: render.object_key,
      });
      if (video.collectionId !== null) {
        await query("select app_private.record_exercise_collection($1, $2)", [
          render.exercise_id,
          video.collectionId,
        ]);
      }
      const { rows } = await query("select * from app_private.record_render($1, $2, $3, $4, $5, $6)", [
        renderId,
        asset_version,
        video.provider,
        video.videoId,
        video.objectKey,
        video.durationS,
      ]);
      const { unneeded_video_id } = recorded.parse(rows[0]);
      if (unneeded_video_id !== null) await exerciseVideos.remove(unneeded_video_id);
    } catch (error) {
      const isOurs = error instanceof ComposerRefused || error instanceof ComposerDelayed;
      const reason = isOurs ? error.message : describeFailure(error);
      await query("select app_private.record_render_failed($1, $2, $3)", [renderId, asset_version, reason]);
      if (!(error instanceof ComposerRefused)) throw error;
    }
  },
});
