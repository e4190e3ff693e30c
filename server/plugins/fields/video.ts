import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import type { Video } from "../../video/index.ts";
import { forParticipants, forStaff, noticeOf } from "../../video/notices.ts";
import { fieldBeyondSql, mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      video: Video;
    }
  }
}

const asked = z.object({ appointmentId: z.string() });

/**
 * What video calls need beyond SQL (APT-07): the vendor lets people in, and records. Who may is asked of the database, before
 * and after, and no transaction is open while the vendor is waited for.
 */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const { appointments, video_recordings: recordings } = build.pgResources;
  if (!appointments || !recordings) throw new Error("video calls are not in the schema");
  return {
    typeDefs: gql`
      input JoinVideoInput {
        appointmentId: UUID!
      }

      type JoinVideoPayload {
        """Where the call is."""
        url: String!
        """What lets the caller in, and nobody else. It is kept nowhere: ask for another when it is needed."""
        token: String!
        """Until when the token lets in; whoever is inside may stay."""
        expiresAt: Datetime!
        """The appointment, as it is now."""
        appointment: Appointment!
        query: Query!
      }

      input StartRecordingInput {
        appointmentId: UUID!
      }

      type StartRecordingPayload {
        """The recording, as it is now."""
        videoRecording: VideoRecording!
        query: Query!
      }

      extend type VideoRoom {
        """How the room stands, in the words of whoever is to meet in it."""
        notice: String!
        """What the clinic can do about what keeps the room from being made; null where nothing does."""
        staffNotice: String
      }

      extend type Mutation {
        """
        Lets the caller into the video call of an appointment: its patient and those who care for them, its specialist (who
        leads it), and staff with appointments.conduct. From startLeadMinutes before its time until it is over; STATE
        call_not_open, call_not_ready or call_over otherwise, CONSENT_REQUIRED without consent to telemedicine, UNAVAILABLE
        video_unavailable when the vendor does not answer.
        """
        joinVideo(input: JoinVideoInput!): JoinVideoPayload!

        """
        Records a video call, with the patient's consent to video_recording at this moment. For its specialist and staff with
        appointments.conduct. Withdrawing the consent ends it, as stopRecording does. CONFLICT recording_runs where it is
        recorded already; UNAVAILABLE video_unavailable when the vendor does not answer, and then nothing is recorded.
        """
        startRecording(input: StartRecordingInput!): StartRecordingPayload!
      }
    `,
    objects: {
      VideoRoom: {
        plans: {
          notice: fieldBeyondSql({
            row: z.object({ status: z.string() }),
            run: async (_services, _settings, { status }) => noticeOf(forParticipants, status),
          }),
          staffNotice: fieldBeyondSql({
            row: z.object({ problem: z.string().nullable() }),
            run: async (_services, _settings, { problem }) => noticeOf(forStaff, problem),
          }),
        },
      },
      Mutation: {
        plans: {
          joinVideo: mutationBeyondSql({
            input: asked,
            run: async ({ video }, settings, { appointmentId }) => ({
              id: appointmentId,
              ...(await video.join(settings, appointmentId)),
            }),
            fields: ["url", "token", "expiresAt"],
            row: { name: "appointment", resource: appointments },
          }),
          startRecording: mutationBeyondSql({
            input: asked,
            run: async ({ video }, settings, { appointmentId }) => ({
              id: await video.startRecording(settings, appointmentId),
            }),
            row: { name: "videoRecording", resource: recordings },
          }),
        },
      },
    },
  };
}, "VideoPlugin");

export default plugin;
