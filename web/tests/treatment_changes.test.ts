import { expect, test } from "vitest";
import { type Asked, changesOf } from "../treatment/changes.ts";

const squat = {
  exerciseId: "squat",
  names: { ro: "Genuflexiune" },
  prescription: { sets: 3, reps: 10, seconds: null, restSeconds: 30 },
  contraindications: [{ id: "knee", severity: "relative" as const, text: { ro: "Durere de genunchi." } }],
};
const plank = { ...squat, exerciseId: "plank", contraindications: [] };
const session = (position: number, change: Partial<Asked> = {}): Asked => ({
  position,
  title: { ro: `Ședința ${position}` },
  place: "home",
  afterDays: 2,
  exercises: [squat, plank],
  ...change,
});
const differences = (before: Partial<Asked>, after: Partial<Asked>, from = 1) =>
  changesOf([session(1), session(2, before)], [session(1), session(2, after)], from).flatMap((change) =>
    change.differences.map(({ what }) => what),
  );

test("EXE-01: of two versions alike nothing changes, whatever the order of names and what is null", () => {
  const reps = { reps: 10, sets: 3, restSeconds: 30 };
  expect(differences({}, { exercises: [{ ...squat, prescription: reps }, plank] })).toEqual([]);
});

test("EXE-01: what comes before the next session changes for nobody", () => {
  const changes = changesOf([session(1), session(2)], [session(1, { place: "clinic" }), session(2)], 2);
  expect(changes).toEqual([]);
  expect(differences({}, { afterDays: 4 }, 2)).toEqual([]);
});

test("EXE-01: sessions that come or go are told, and of the others each difference", () => {
  expect(changesOf([session(1)], [session(1), session(2)], 1)).toMatchObject([
    { what: "added", session: { position: 2 } },
  ]);
  expect(changesOf([session(1), session(2)], [session(1)], 1)).toMatchObject([
    { what: "removed", session: { position: 2 } },
  ]);
  expect(differences({}, { place: "clinic", afterDays: 4, exercises: [squat] })).toEqual([
    "place",
    "days",
    "removed",
  ]);
  expect(differences({ exercises: [squat] }, {})).toEqual(["added"]);
  expect(differences({}, { exercises: [plank, squat] })).toEqual(["order"]);
});

test("EXE-01: another prescription is told beside the earlier one, and so is a contraindication that is new", () => {
  const worse = { id: "hip", severity: "absolute" as const, text: { ro: "Fractură." } };
  const changed = {
    ...squat,
    prescription: { ...squat.prescription, reps: 12 },
    contraindications: [...squat.contraindications, worse],
  };
  const [change] = changesOf([session(1)], [session(1, { exercises: [changed, plank] })], 1);
  expect(change?.differences).toEqual([
    { what: "prescription", exercise: changed, before: squat.prescription },
    { what: "warning", exercise: changed, warning: worse },
  ]);
});

test("EXE-01: an exercise that is done twice in a session is compared time by time", () => {
  const again = { ...squat, prescription: { ...squat.prescription, sets: 1 } };
  expect(differences({ exercises: [squat, squat] }, { exercises: [squat, again] })).toEqual(["prescription"]);
  expect(differences({ exercises: [squat, again] }, { exercises: [squat] })).toEqual(["removed"]);
});
