/**
 * The environment of a process that a test starts, before its own settings: none of ours, but programs are found, and
 * code that an earlier process compiled is not compiled again, which is most of what starting one costs.
 */
export const bareEnv: Readonly<NodeJS.ProcessEnv> = {
  ...(process.env.PATH && { PATH: process.env.PATH }),
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
};
