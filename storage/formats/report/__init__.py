"""A project on one page of HTML: `counting` collects what it tells, `page` writes it, `charts` draws."""
