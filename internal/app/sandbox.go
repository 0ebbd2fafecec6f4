package app

import (
	"context"
	"fmt"

	"usher/internal/config"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// runSandbox runs the stand-in for Infomaniak alone, for owners who want to try
// a site of their own against it.
func runSandbox(ctx context.Context, e env, args []string) error {
	set := e.flags("sandbox")
	addr := set.String("addr", "127.0.0.1:4242", "address to listen on")
	token := set.String("token", "", "API token to accept; else one is made and printed")
	big := set.Bool("big", false, "a large account: 3 stations, 600 videos, 700 shares")
	if err := parse(set, args); err != nil {
		return err
	}
	if err := onlyLoopback(*addr); err != nil {
		return err
	}
	if *token == "" {
		*token = paywall.NewID()
	}
	listener, err := listen(ctx, *addr)
	if err != nil {
		return err
	}
	options := sandbox.Options{APIToken: *token}
	if *big {
		options.Catalogue = sandbox.BigCatalogue()
	}
	stage := sandbox.New(options)
	context.AfterFunc(ctx, stage.Close)
	url := "http://" + listener.Addr().String()
	fmt.Fprintf(e.Out, "The stand-in for Infomaniak is at %s. Start the site with\n\n", url)
	for _, setting := range [][2]string{
		{"USHER_INFOMANIAK_API_URL", url}, {"USHER_INFOMANIAK_VOD_URL", url},
		{"USHER_INFOMANIAK_PLAYER_URL", url}, {"USHER_MEDIA_HOSTS", url},
	} {
		fmt.Fprintf(e.Out, "  export %s=%s\n", setting[0], setting[1])
	}
	fmt.Fprintf(e.Out, "\nIts API token is %s. Paste it in the owner area under Settings, Connection.\n", *token)
	return serve(ctx, listener, stage, newLog(e.Err, config.Config{}))
}
