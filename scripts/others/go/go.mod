module others

go 1.21

require github.com/elimity-com/scim v0.0.0-20260728105928-2641426a1539
