import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../tasks/tests/database.ts";
import { type Json, refusalOf } from "./support.ts";
import {
  api,
  as,
  atDaily,
  closeClinic,
  daily,
  join,
  move,
  newCall,
  openClinic,
  record,
  roomBecomes,
  roomOf,
  run,
  withoutWorker,
} from "./video/clinic.ts";

// APT-07, CNS-08: a call from its start to its end, through the API and the worker, with a vendor that fails as told.
beforeAll(openClinic);
beforeEach(() => daily.behave("well"));
afterAll(closeClinic);

test("APT-07: a call from its start to its end: one room, tokens for those in it, and then nothing", async () => {
  const id = await newCall();
  expect((await move("stefan", "startAppointment", id)).body.data.startAppointment.appointment.status).toBe(
    "IN_PROGRESS",
  );
  const { room_name: name } = await roomBecomes(id, "ready");
  expect(await atDaily(name)).toMatchObject({ privacy: "private" });

  const seen = async (who: string) => {
    const { url, token } = (await join(who, id)).body.data.joinVideo;
    return (await fetch(`${url}?t=${token}`)).text();
  };
  expect(await seen("ana")).toContain("Pacient may enter.");
  expect(await seen("stefan")).toContain("Dr. Stefan Ionescu may enter, and leads the call.");
  expect(await seen("flavia")).toContain("Atlas may enter.");
  for (const stranger of ["bogdan", "otto"]) {
    expect(refusalOf(await join(stranger, id))).toMatchObject({
      code: "NOT_FOUND",
      reason: "appointment_not_found",
    });
  }

  const { token, expiresAt } = (await join("ana", id)).body.data.joinVideo;
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
  expect(api.logs()).not.toContain(token);
  expect(api.logs()).not.toContain(daily.account.apiKey);
  const kept = await api.sql(
    `select table_schema || '.' || table_name as place from information_schema.tables
     where table_schema in ('app_public', 'app_private', 'audit', 'graphile_worker') and table_type = 'BASE TABLE'
       and (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I t where t::text like %L',
         table_schema, table_name, '%' || $1 || '%'), false, true, '')))[1]::text <> '0'`,
    [token],
  );
  expect(kept).toEqual([]);

  await move("stefan", "finishAppointment", id);
  await roomBecomes(id, "closed");
  expect(await atDaily(name)).toBeUndefined();
  expect(refusalOf(await join("ana", id))).toMatchObject({ code: "STATE", reason: "call_over" });
});

test("APT-07: the appointment says how its room stands, in the words of whoever asks", async () => {
  const id = await newCall([]);
  await roomBecomes(id, "awaits_consent");
  const status = async (who: string, language = "ro") =>
    (
      await api.graphql(
        "query ($id: UUID!) { appointment(id: $id) { videoRoom { status notice staffNotice } } }",
        {
          token: api.token({
            subject: `dev_${who}`,
            email: `${who}@people.test`,
            name: who,
            locale: language,
          }),
          variables: { id },
        },
      )
    ).body.data.appointment.videoRoom;
  expect((await status("ana")).status).toBe("AWAITS_CONSENT");
  expect((await status("ana")).notice).toMatch(/telemedicin|telemedicine/);
  expect(refusalOf(await join("ana", id))).toMatchObject({ code: "STATE", reason: "call_not_ready" });
  await api.sql("select tests.consent('ana', 'telemedicine', clinic => 'atlas')");
  await roomBecomes(id, "ready");
  await move("stefan", "startAppointment", id);

  // CNS-08: asked again when it is used.
  await as(
    "ana",
    `mutation ($id: UUID!) { withdrawConsent(input: { purpose: "telemedicine", patientId: $id }) { consents { id } } }`,
    {
      id: (await api.sql("select id from app_public.patients where patient_profile_id = tests.id('ana')"))[0]
        .id,
    },
  );
  expect(refusalOf(await join("stefan", id))).toMatchObject({
    code: expect.stringMatching(/CONSENT_REQUIRED|STATE/),
  });
  await roomBecomes(id, "awaits_consent");
  expect((await api.sql("select status from app_public.appointments where id = $1", [id]))[0].status).toBe(
    "inprogress",
  );
});

test("APT-07: a vendor that is down, busy or silent after the effect: the move stands, and one room comes", async () => {
  for (const weather of [
    "hangs up",
    "is broken after",
    "hangs up after",
    { status: 429, retryAfter: 1 },
    "answers something else",
  ] as const) {
    const id = await newCall();
    daily.behaveFor(1, weather);
    expect((await move("stefan", "startAppointment", id)).body.data.startAppointment.appointment.status).toBe(
      "IN_PROGRESS",
    );
    const { room_name: name } = await roomBecomes(id, "ready");
    expect((await daily.rooms()).filter((room) => room.name === name)).toHaveLength(1);
    daily.behaveFor(1, weather);
    await move("stefan", "finishAppointment", id);
    await roomBecomes(id, "closed");
    expect(await atDaily(name)).toBeUndefined();
  }
});

test("APT-07: what the vendor refuses is told, to staff with what to do about it", async () => {
  const id = await newCall();
  daily.behave({ status: 401 });
  await move("stefan", "startAppointment", id);
  await roomBecomes(id, "delayed");
  const { body } = await as(
    "adrian",
    "query ($id: UUID!) { appointment(id: $id) { videoRoom { status problem notice staffNotice } } }",
    { id },
  );
  expect(body.data.appointment.videoRoom).toMatchObject({
    status: "DELAYED",
    problem: "CREDENTIALS_REFUSED",
    notice: expect.stringMatching(/.{20}/),
    staffNotice: expect.stringMatching(/.{20}/),
  });
  daily.behave("well");
  await api.sql("update graphile_worker._private_jobs set run_at = now() where key like 'video_room:%'");
  await roomBecomes(id, "ready");
  daily.behave("hangs up");
  expect(refusalOf(await join("ana", id))).toMatchObject({
    code: "UNAVAILABLE",
    reason: "video_unavailable",
  });
  daily.behave("well");
  await move("stefan", "finishAppointment", id);
  await roomBecomes(id, "closed");
});

test("APT-07: a task that dies after the vendor's yes makes no second room, and five at once make one", async () => {
  let id = "";
  let videoRoomId = "";
  let name = "";
  let before = 0;
  await withoutWorker(async () => {
    id = await newCall();
    await api.sql("select app_private.settle_video_room(tests.id('atlas'), $1)", [id]);
    ({ id: videoRoomId, room_name: name } = await roomOf(id));
    const dying = run("tend_video_room", { videoRoomId }, async (text, values) => {
      if (text.includes("record_video_room_made")) throw new Error("the process dies");
      return api.sql(text, values);
    });
    await expect(dying).rejects.toThrow("the process dies");
    expect(await atDaily(name)).toBeDefined();
    expect((await roomOf(id)).status).toBe("wanted");
    before = daily.asked().length;
  });

  await api.sql(
    "select graphile_worker.add_job('tend_video_room', json_build_object('videoRoomId', $1::uuid)) from generate_series(1, 5)",
    [videoRoomId],
  );
  await roomBecomes(id, "ready");
  await eventually(async () => {
    await api.sql(
      "update graphile_worker._private_jobs set run_at = now() where run_at > now() and locked_at is null",
    );
    const [{ n }] = await api.sql(
      "select count(*)::int as n from graphile_worker.jobs where task_identifier = 'tend_video_room'",
    );
    return n === 0;
  }, "the jobs to end");
  expect(daily.asked().slice(before)).toEqual(["POST /rooms", `GET /rooms/${name}`]);
  expect((await daily.rooms()).filter((room) => room.name === name)).toHaveLength(1);
});

test("APT-07, CNS-08: a call is recorded with consent alone, and a withdrawal stops it", async () => {
  const id = await newCall();
  await move("stefan", "startAppointment", id);
  const { room_name: name } = await roomBecomes(id, "ready");
  expect(refusalOf(await record("stefan", id))).toMatchObject({
    code: "CONSENT_REQUIRED",
    details: { purpose: "video_recording" },
  });
  expect(await atDaily(name)).toMatchObject({ isRecorded: false });

  await api.sql("select tests.consent('ana', 'video_recording', clinic => 'atlas')");
  expect(refusalOf(await record("ana", id))).toMatchObject({
    code: "FORBIDDEN",
    reason: "recording_is_for_staff",
  });
  expect((await record("stefan", id)).body.data.startRecording.videoRecording.status).toBe("RUNNING");
  expect(await atDaily(name)).toMatchObject({ isRecorded: true });
  expect(refusalOf(await record("stefan", id))).toMatchObject({ code: "CONFLICT", reason: "recording_runs" });

  await as(
    "ana",
    `mutation ($id: UUID!) { withdrawConsent(input: { purpose: "video_recording", patientId: $id }) { consents { id } } }`,
    {
      id: (await api.sql("select id from app_public.patients where patient_profile_id = tests.id('ana')"))[0]
        .id,
    },
  );
  await eventually(async () => (await atDaily(name))?.isRecorded === false, "the vendor to stop");
  const ends = async () =>
    (
      await api.sql(
        `select recording.status, recording.ended_because from app_public.video_recordings as recording
         join app_public.video_rooms as room on room.id = recording.video_room_id
         where room.appointment_id = $1 order by recording.created_at`,
        [id],
      )
    ).map((row: Json) => `${row.status} ${row.ended_because}`);
  await eventually(
    async () => (await ends())[0] === "stopped consent_withdrawn",
    "the recording to have ended",
  );

  // The vendor records, and its answer is lost: nobody knows, so it is stopped.
  await api.sql("select tests.consent('ana', 'video_recording', clinic => 'atlas')");
  daily.behaveFor(2, "hangs up after");
  expect(refusalOf(await record("stefan", id))).toMatchObject({
    code: "UNAVAILABLE",
    reason: "video_unavailable",
  });
  await eventually(async () => (await ends())[1] === "stopped not_answered", "it to be stopped");
  expect(await atDaily(name)).toMatchObject({ isRecorded: false });

  // Anybody in the call ends it.
  expect((await record("flavia", id)).body.data.startRecording.videoRecording.status).toBe("RUNNING");
  await as(
    "ana",
    "mutation ($id: UUID!) { stopRecording(input: { appointmentId: $id }) { videoRecording { status } } }",
    { id },
  );
  await eventually(async () => (await atDaily(name))?.isRecorded === false, "the vendor to stop");
  await move("stefan", "finishAppointment", id);
  await roomBecomes(id, "closed");
});

test("APT-07: what was left at the vendor is swept, what is of others stays, and the clock makes rooms of what is near", async () => {
  const id = await newCall();
  await run("settle_video_rooms");
  const { room_name: name } = await roomBecomes(id, "ready");
  await run("sweep_video_rooms");
  expect(await atDaily(name)).toBeDefined();

  // A room of ours whose end is past, and one of somebody else's: the vendor keeps both until it is told.
  const make = (room: string, exp: number) =>
    fetch(`${daily.account.apiUrl}/v1/rooms`, {
      method: "POST",
      headers: { authorization: `Bearer ${daily.account.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ name: room, privacy: "private", properties: { nbf: 0, exp } }),
    });
  const left = `rx-${"f".repeat(32)}`;
  await make(left, Math.floor(Date.now() / 1000) + 1);
  await make("town-hall", Math.floor(Date.now() / 1000) + 1);
  const later = Date.now() + 2 * 3600_000;
  const { now } = Date;
  Date.now = () => later;
  try {
    await run("sweep_video_rooms");
  } finally {
    Date.now = now;
  }
  expect(await atDaily(left)).toBeUndefined();
  expect(await atDaily("town-hall")).toBeDefined();
  await move("stefan", "startAppointment", id);
  await move("stefan", "finishAppointment", id);
  await roomBecomes(id, "closed");
});
