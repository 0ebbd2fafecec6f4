package views

// Option is one choice of a select element.
type Option struct {
	Value, Label string
	Selected     bool
}
