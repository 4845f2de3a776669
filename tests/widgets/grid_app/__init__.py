"""The reviewers' grid on a page of its own, served with the headers of the admin app."""

HOSTILE = "<img src=x onerror=\"document.title='run'\">"
