package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
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
	v := viper.New()
	v.SetEnvPrefix(envPrefix)
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_", ".", "_"))
	v.AutomaticEnv()
	path, asked := a.configPath()
	if path != "" {
		if err := readConfig(v, path, asked, known(cmd.Root())); err != nil {
			return err
		}
	}
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		key := keyOf(cmd, f)
		if f.Changed || key == "" || !v.IsSet(key) {
			return
		}
		if err := f.Value.Set(v.GetString(key)); err != nil {
			errs = append(errs, valueError(a.origin(key, path), v.GetString(key), err))
		}
	})
	return errors.Join(errs...)
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

// readConfig reads the file, which need not be there unless it was asked for.
func readConfig(v *viper.Viper, path string, asked bool, known []string) error {
	if _, err := os.Stat(path); err != nil && !asked {
		return nil
	}
	v.SetConfigFile(path)
	v.SetConfigType("toml")
	if err := v.ReadInConfig(); err != nil {
		var parse viper.ConfigParseError
		if errors.As(err, &parse) {
			err = parse.Unwrap()
		}
		return fmt.Errorf("the configuration cannot be read: %s: %w", path, pathless(err))
	}
	for _, key := range v.AllKeys() {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s: there is no setting %q; the settings are the long flags: %s", path, key, strings.Join(known, ", "))
		}
	}
	return nil
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

// origin says where the value of a setting came from.
func (a *app) origin(key, path string) string {
	name := envPrefix + "_" + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(key))
	if a.getenv(name) != "" {
		return name
	}
	return path + ": " + key
}
