-- What analysts read. Views come with what they are to show; a role that may read here reads nothing elsewhere. FND-36.
create schema if not exists analytics;
grant usage on schema analytics to app_analyst;
comment on schema analytics is 'What analysts read, as app_analyst; everywhere else they are refused.';
comment on schema app_public is
  'What the API exposes. Row security is forced on every table, also for its owner: as app_owner, count(*) says 0. See analytics.what_i_see().';
