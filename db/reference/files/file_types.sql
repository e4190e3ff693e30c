-- The types of files that are taken, and how their names may end. FND-13.

select app_private.own_rows('app_private.file_types', rows => '
  content_type    | extensions
  ----------------+--------------------
  application/pdf | {pdf}
  image/jpeg      | {jpg,jpeg,jfif,jpe}
  image/png       | {png}
  image/webp      | {webp}
');
