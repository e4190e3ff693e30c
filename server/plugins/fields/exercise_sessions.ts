import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import type { ExerciseSessions } from "../../telemetry/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      exerciseSessions: ExerciseSessions;
    }
  }
}

const asked = z.object({
  patientSessionId: z.string().nullish(),
  patientTreatmentPlanId: z.string().nullish(),
  position: z.number().nullish(),
  acknowledgedContraindicationIds: z.array(z.string()).nullish(),
});

/** The start of a session at home beyond SQL (EXE-05): the token that its page sends batches with is signed here. */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const { exercise_sessions: recordings } = build.pgResources;
  if (!recordings) throw new Error("exercise sessions are not in the schema");
  return {
    typeDefs: gql`
      input StartExerciseSessionInput {
        """The session that is due. Instead of it: a plan, and which of its sessions is done once more."""
        patientSessionId: UUID

        """A plan that allows sessions beyond what is due."""
        patientTreatmentPlanId: UUID

        """Which session of that plan is done once more, counted from one."""
        position: Int

        """The absolute contraindications that the patient has read and says not to have."""
        acknowledgedContraindicationIds: [UUID!]
      }

      type StartExerciseSessionPayload {
        """The recording, as it is now; what is to be done is patientSession.toDo."""
        exerciseSession: ExerciseSession!
        """What lets the page send what it records of this session, and nothing else. It is kept nowhere."""
        token: String!
        """Until when the token counts."""
        expiresAt: Datetime!
        """Where the page sends it."""
        telemetryUrl: String!
        """What may be sent by this token: pose, media, both or neither, as the consents stand now."""
        scopes: [String!]!
        query: Query!
      }

      input OpenReplayInput {
        exerciseSessionId: UUID!
      }

      type OpenReplayPayload {
        """Where the recorded movement is, for a few minutes. It is kept nowhere: ask for another when it is needed."""
        url: String!
        """Until when the link counts."""
        expiresAt: Datetime!
        """The recording."""
        exerciseSession: ExerciseSession!
        query: Query!
      }

      extend type Mutation {
        """
        Starts a session at home: for the patient and who cares for them. Repeated while the recording runs, it answers the same one
        with a new token. Without consent to biometric capture the exercises are done all the same; the token then has no scope pose.
        FORBIDDEN only_the_patient, telerehab_closed; NOT_FOUND session_not_found; STATE treatment_plan_not_active, session_not_due,
        session_is_in_the_clinic, no_extra_sessions, illegal_move, contraindications_not_acknowledged with those that are missing;
        VALIDATION session_or_plan.
        """
        startExerciseSession(input: StartExerciseSessionInput!): StartExerciseSessionPayload!

        """
        A link of minutes to the recorded movement of a session: for the person, and for staff with exercise_sessions.view. Who asked is on
        record before it is made. NOT_FOUND exercise_session_not_found, nothing_to_replay; STATE replay_not_ready, replay_archived; GONE
        replay_removed; UNAVAILABLE storage_unavailable.
        """
        openReplay(input: OpenReplayInput!): OpenReplayPayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          startExerciseSession: mutationBeyondSql({
            input: asked,
            run: ({ exerciseSessions }, settings, input) => exerciseSessions.start(settings, input),
            fields: ["token", "expiresAt", "telemetryUrl", "scopes"],
            row: { name: "exerciseSession", resource: recordings },
          }),
          openReplay: mutationBeyondSql({
            input: z.object({ exerciseSessionId: z.string() }),
            run: async ({ exerciseSessions }, settings, { exerciseSessionId }) => ({
              id: exerciseSessionId,
              ...(await exerciseSessions.replay(settings, exerciseSessionId)),
            }),
            fields: ["url", "expiresAt"],
            row: { name: "exerciseSession", resource: recordings },
          }),
        },
      },
    },
  };
}, "ExerciseSessionsPlugin");

export default plugin;
