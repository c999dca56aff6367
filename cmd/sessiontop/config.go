package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A flag's value comes from the command line, else the environment, else the
// configuration file, else its default. Global flags have their own name
// there, those of a command stand in a table of its name:
//
//	--memory            SESSIONTOP_MEMORY          memory = "1GiB"
//	demo --workers 8    SESSIONTOP_DEMO_WORKERS    [demo]
//	                                               workers = 8
const envPrefix = "SESSIONTOP"

// configure gives the flags that the command line has not set their values
// from the environment and the configuration file.
func (a *app) configure(cmd *cobra.Command) error {
	path, asked := a.configPath()
	file, err := readConfig(path, asked, known(cmd.Root()))
	if err != nil {
		return err
	}
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		key := keyOf(cmd, f)
		if f.Changed || key == "" {
			return
		}
		origin := variableOf(key)
		value := a.getenv(origin)
		if value == "" {
			var ok bool
			if value, ok = file[key]; !ok {
				return
			}
			origin = path + ": " + key
		}
		if err := f.Value.Set(value); err != nil {
			errs = append(errs, valueError(origin, value, err))
		}
	})
	return errors.Join(errs...)
}

// variableOf is the environment variable of a setting.
func variableOf(key string) string {
	return envPrefix + "_" + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(key))
}

// configPath is the configuration file, and whether it was asked for.
func (a *app) configPath() (path string, asked bool) {
	if a.config != "" {
		return a.config, true
	}
	if path := a.getenv(envPrefix + "_CONFIG"); path != "" {
		return path, true
	}
	dir := a.getenv("XDG_CONFIG_HOME")
	if dir == "" {
		home := a.getenv("HOME")
		if home == "" {
			return "", false
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "sessiontop", "config.toml"), false
}

// readConfig reads the settings of the file, which need not be there unless it
// was asked for; path may be empty.
func readConfig(path string, asked bool, known []string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, nil
	}
	var tables map[string]any
	if err == nil {
		err = toml.Unmarshal(text, &tables)
	}
	if err != nil {
		at := path
		var wrong *toml.DecodeError
		if errors.As(err, &wrong) {
			line, _ := wrong.Position()
			at += fmt.Sprint(":", line)
		}
		return nil, fmt.Errorf("the configuration cannot be read: %s: %w", at, pathless(err))
	}
	settings := map[string]string{}
	flatten("", tables, settings)
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("%s: there is no setting %q; the settings are the long flags: %s", path, key, strings.Join(known, ", "))
		}
	}
	return settings, nil
}

// flatten names the values of tables as keyOf does; lists become what a flag
// takes for one.
func flatten(prefix string, tables map[string]any, settings map[string]string) {
	for key, value := range tables {
		switch v := value.(type) {
		case map[string]any:
			flatten(prefix+key+".", v, settings)
		case []any:
			words := make([]string, len(v))
			for i := range v {
				words[i] = fmt.Sprint(v[i])
			}
			settings[prefix+key] = strings.Join(words, ",")
		default:
			settings[prefix+key] = fmt.Sprint(v)
		}
	}
}

// pathless is err without a path that it names itself.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// keyOf is the flag's name in the configuration, "" if it has none there.
func keyOf(cmd *cobra.Command, f *pflag.Flag) string {
	switch {
	case f.Name == "config" || f.Name == "help" || f.Name == "version" || f.Hidden:
		return ""
	case cmd.Root().PersistentFlags().Lookup(f.Name) == f:
		return f.Name
	}
	return cmd.Name() + "." + f.Name
}

// known lists the settings of all commands that are not hidden.
func known(root *cobra.Command) (keys []string) {
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		if cmd.Hidden || cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		add := func(f *pflag.Flag) {
			if key := keyOf(cmd, f); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		cmd.PersistentFlags().VisitAll(add)
		cmd.LocalNonPersistentFlags().VisitAll(add)
	}
	return keys
}
