/**
 * The environment of a process that a test starts, before its own settings: none of ours, but programs are found, temporary
 * files lie where those of the run lie, and code that an earlier process compiled is not compiled again, which is most of
 * what starting one costs.
 */
export const bareEnv: Readonly<NodeJS.ProcessEnv> = {
  ...(process.env.PATH && { PATH: process.env.PATH }),
  ...(process.env.TMPDIR && { TMPDIR: process.env.TMPDIR }),
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
};
