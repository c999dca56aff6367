// Package tail follows log files.
package tail
