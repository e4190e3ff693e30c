-- Readings by any query and by links to files join those of charts. FND-08.
comment on column app_public.chart_reading.what is
  '"chart": the chart was opened; "record": something else of the record was read; "file": a link to a file was asked for; '
  'or the name of the export.';
