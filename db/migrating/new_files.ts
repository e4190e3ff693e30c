/** What a kind of thing needs: files to be written, by their paths from the project's root, and what is to be decided. */
export type NewFiles = { files: { file: string; text: string }[]; next: string[] };

/** Where reviewers find what an area is allowed that the lint would refuse, and why. */
export const declared = (area: string) => `db/tests/helpers/declared/${area}.sql`;
