//go:build !linux

package main

import (
	"errors"
	"os/exec"
)

var errNoPinning = errors.New("processes are pinned to a core on Linux only")

func pinProcess(int) error { return errNoPinning }

func startPinned(*exec.Cmd, int) error { return errNoPinning }
