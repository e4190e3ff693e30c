import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import type { ExerciseScreens } from "../../exercises/index.ts";
import { answerBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      exercises: ExerciseScreens;
    }
  }
}

/** Where videos of exercises are played (EXL-04, EXL-05): the object store or the vendor signs it for whoever asks now. */
const plugin: GraphileConfig.Plugin = extendSchema(
  {
    typeDefs: gql`
    """Where a video of an exercise is played, for some minutes."""
    type ExerciseVideo {
      """What a video element plays; whoever has it can."""
      url: String!
      """Ask again when it has passed."""
      expiresAt: Datetime!
    }

    extend type Query {
      """
      Where a video of an exercise is played. For superadmins and staff any; for patients those of exercises that they are to do, and
      of the catalog while it is open to them. NOT_FOUND exercise_video_not_found for any other, and while it is being prepared;
      UNAVAILABLE storage_unavailable.
      """
      exerciseVideo(
        """The video, by renderId of ShownExercise or the id of ExerciseRender."""
        renderId: UUID!
      ): ExerciseVideo!
    }
  `,
    objects: {
      Query: {
        plans: {
          exerciseVideo: answerBeyondSql({
            args: z.object({ renderId: z.string() }),
            run: ({ exercises }, settings, { renderId }) => exercises.play(settings, renderId),
          }),
        },
      },
    },
  },
  "ExercisesPlugin",
);

export default plugin;
