package paywall

import (
	"context"
	"time"
)

// MemberStore finds people and what happened to them.
type MemberStore interface {
	// ListMembers lists the accounts that a filter finds, without tombstones, and
	// tells how many there are in all.
	ListMembers(ctx context.Context, f MemberFilter, sort MemberSort, limit, offset int) ([]MemberLine, int, error)
	// CountMembers counts them.
	CountMembers(ctx context.Context, f MemberFilter) (int, error)
	// MembersAfter lists them by id, from the one that follows an id.
	MembersAfter(ctx context.Context, f MemberFilter, after string, limit int) ([]User, error)
	// SeenAt is when an account was last used; zero: never.
	SeenAt(ctx context.Context, userID string) (time.Time, error)
	// DeleteUnusedMember removes an account that nobody has used since it was made:
	// no sign-in, no password, no role, no other grants than these. It tells
	// whether it did.
	DeleteUnusedMember(ctx context.Context, user User, grantIDs []string, tombstone string) (bool, error)

	// ListGrants lists the grants that a filter finds with their holders, and tells
	// how many there are in all.
	ListGrants(ctx context.Context, f GrantFilter, sort GrantSort, limit, offset int) ([]GrantLine, int, error)
	// GrantsOfAll lists the grants of several people, newest first for each.
	GrantsOfAll(ctx context.Context, userIDs []string) ([]Grant, error)
	// CountGrants counts the grants of the people that a filter finds.
	CountGrants(ctx context.Context, f MemberFilter, r GrantRange) (int, error)

	// MailsOf lists the mails about an account or to its address, newest first.
	MailsOf(ctx context.Context, userID, email string, limit int) ([]Mail, error)
	// AuditOfGrants lists what was done to a person's grants, newest first.
	AuditOfGrants(ctx context.Context, userID string, limit int) ([]AuditEntry, error)
}

// JobStore keeps work on many people, which goes on after a restart.
type JobStore interface {
	CreateJob(ctx context.Context, j Job) error
	JobByID(ctx context.Context, id string) (Job, error)
	// Jobs lists jobs, newest first.
	Jobs(ctx context.Context, limit int) ([]Job, error)
	// UpdateJob keeps everything of a job that can change. It answers ErrChanged
	// when its state or its claim is no longer that of old.
	UpdateJob(ctx context.Context, old, next Job) error
	// ClaimJob takes the oldest job that has something to do and that no worker has
	// claimed beyond now; ErrNotFound when there is none.
	ClaimJob(ctx context.Context, now, until time.Time, claim string) (Job, error)
	// DeleteJob removes a job with its rows; removing what is gone is no error.
	DeleteJob(ctx context.Context, id string) error
	// DeleteOldJobs removes jobs that ended before an instant, and those made
	// before another one and never begun, with their rows.
	DeleteOldJobs(ctx context.Context, endedBefore, begunBefore time.Time) error

	// AddImportRows stores lines of an uploaded list.
	AddImportRows(ctx context.Context, jobID string, rows []ListRow) error
	// ImportRows lists the lines after a number that have a verdict (empty: all),
	// in order.
	ImportRows(ctx context.Context, jobID string, verdict RowVerdict, after, limit int) ([]ListRow, error)
	// UpdateImportRow keeps everything of a line but its cells.
	UpdateImportRow(ctx context.Context, jobID string, row ListRow) error
	// DeleteImportRows removes the lines of a job.
	DeleteImportRows(ctx context.Context, jobID string) error
	// ImportGrants lists the grants that an import gave to a person.
	ImportGrants(ctx context.Context, jobID, userID string) ([]string, error)
}
