import type { LockArea } from "../lock_case.ts";

const call = "tests.id('ana''s call')";
const room = `app_public.video_rooms where appointment_id = ${call}`;
const settle = `select app_private.settle_video_room(tests.id('atlas'), ${call})`;
const recording =
  "(select id from app_public.video_recordings where video_room_id = (select id from app_public.video_rooms where appointment_id = tests.id('ana''s call')))";

/** Rooms of video calls, which appointments, consents and vendors move at once. APT-07. */
export const video: LockArea = {
  furniture: `
    select tests.calendar('calls at atlas', '{luca}', modality => 'video', clinic => 'atlas');
    select tests.appointment('ana''s call', 'ana', 'calls at atlas', 'luca', date_trunc('hour', app_hidden.now()) + interval '40 days');
    update app_public.appointments set starts_at = app_hidden.now() + interval '1 minute', ends_at = app_hidden.now() + interval '1 hour'
    where id = ${call};
    select tests.consent('ana', 'telemedicine', clinic => 'atlas');
    select tests.consent('ana', 'video_recording', clinic => 'atlas');
    ${settle};
    update app_public.video_rooms set status = 'ready', url = 'https://vendor.test/room' where appointment_id = ${call};
    insert into app_public.video_recordings (organization_id, video_room_id, started_by)
    select r.organization_id, r.id, (select m.human_id from app_public.memberships m where m.organization_id = r.organization_id limit 1)
    from app_public.video_rooms r where r.appointment_id = ${call}`,
  cases: [
    { lock: "app_private.settle_video_room: for update", as: "the worker", rows: room, call: settle },
    {
      lock: "app_private.stop_recordings: for update",
      as: "the engine",
      rows: room,
      call: `select app_private.stop_recordings(tests.id('atlas'), (select id from ${room}), 'participant')`,
    },
    {
      lock: "app_private.pick_up_video_rooms: for update skip locked",
      as: "the worker",
      before: "select tests.freeze_time(app_hidden.now() + interval '10 minutes')",
      rows: room,
      leaves: "app_public.video_recordings where status = 'starting'",
      call: "select app_private.pick_up_video_rooms()",
    },
    {
      lock: "app_private.record_video_report: for update",
      as: "the engine",
      rows: room,
      call: `select app_private.record_video_report(null, (select room_name from app_public.video_rooms where appointment_id = ${call}), 'meeting.ended', null, 0)`,
    },
    {
      lock: "app_hidden.record_recording: for update of video_rooms",
      as: "the database",
      rows: room,
      call: `select app_hidden.record_recording(${recording}, 'running')`,
    },
  ],
};
