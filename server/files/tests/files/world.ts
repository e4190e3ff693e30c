import type { Json } from "../../../tests/support.ts";
import { pdfSample } from "../samples.ts";
import { type Announced, type FilesWorld, openFilesWorld } from "../support.ts";

/** What the cases of files.test.ts share: two clinics with an API and an object store, and an appointment. */
export let world: FilesWorld;
export let appointment: string;

export async function openWorld(): Promise<void> {
  world = await openFilesWorld(
    "files are confirmed and deleted for good, and every object in the store is listed",
  );
  appointment = await world.id("ana's appointment at atlas");
}
export const closeWorld = () => world.close();

export const letter = (bytes = pdfSample()): Announced => ({
  surface: "APPOINTMENT_FILES",
  ownerId: appointment,
  bytes,
});
export const seenBy = async (name: string, fileId: string): Promise<Json> =>
  (
    await world.as(
      name,
      `query ($id: UUID!) { file(id: $id) { id filename download { url } upload { url } } }`,
      { id: fileId },
    )
  ).body.data.file;
export const rows = async () =>
  Number((await world.api.sql("select count(*) from app_public.files"))[0].count);
