/**
 * Grafast reads this when it is first imported, so this file is imported before it. Its development
 * mode plans more slowly and puts more into errors; nobody should get it by not setting a variable.
 */
process.env.GRAPHILE_ENV ??= "production";
