"""Every path of the desk, grouped by screen."""

from django.urls import URLPattern, URLResolver, include, path

from articles.views import (
    bulk,
    changes,
    commands,
    conflicts,
    coverage,
    decisions,
    editing,
    follows,
    front_history,
    health,
    home,
    insight,
    life,
    manual,
    mine,
    pulse,
    regrouping,
    releases,
    repairs,
    rule,
    saved_views,
    site,
    stories,
    story,
    suggestions,
    sync,
)

app_name = "articles"

home_urls = [
    path("", home.home, name="home"),
    path("preferences/", home.preferences, name="preferences"),
    path("commands/", commands.command_list, name="command_list"),
    path("tour/done/", commands.tour_done, name="tour_done"),
    path("help/", manual.help_page, name="help"),
    path("help/<slug:name>/", manual.help_page, name="help_topic"),
]

mine_urls = [
    path("pulse/", pulse.pulse, name="pulse"),
    path("shelf/clear/", mine.shelf_clear, name="shelf_clear"),
    path("views/", saved_views.saved_view_list, name="saved_view_list"),
    path("views/new/", saved_views.saved_view_create, name="saved_view_create"),
    path("views/<int:pk>/", saved_views.saved_view_update, name="saved_view_update"),
    path("views/<int:pk>/delete/", saved_views.saved_view_delete, name="saved_view_delete"),
]

story_urls = [
    path("stories/", stories.story_list, name="story_list"),
    path("stories/bulk/", bulk.story_bulk, name="story_bulk"),
    path("stories/stories.<str:ending>", stories.story_export, name="story_export"),
    path("stories/<int:pk>/", story.story_detail, name="story_detail"),
    path("stories/<int:pk>/preview/", stories.story_preview, name="story_preview"),
    path("stories/<int:pk>/members/", stories.story_members, name="story_members"),
    path("stories/<int:pk>/file/", story.story_file, name="story_file"),
    path("stories/<int:pk>/edit/", editing.story_edit, name="story_edit"),
    path("stories/<int:pk>/field/<slug:name>/", editing.story_field, name="story_field"),
    path(
        "stories/<int:pk>/field/<slug:name>/original/",
        editing.story_original,
        name="story_original",
    ),
    path("stories/<int:pk>/publish/", decisions.story_publish, name="story_publish"),
    path("stories/<int:pk>/unpublish/", decisions.story_unpublish, name="story_unpublish"),
    path("stories/<int:pk>/decline/", decisions.story_decline, name="story_decline"),
    path("stories/<int:pk>/snooze/", decisions.story_snooze, name="story_snooze"),
    path("stories/<int:pk>/wake/", decisions.story_wake, name="story_wake"),
    path("stories/<int:pk>/claim/", mine.story_claim, name="story_claim"),
    path("stories/<int:pk>/release/", mine.story_release, name="story_release"),
    path("stories/<int:pk>/shelf/", mine.story_shelf, name="story_shelf"),
    path("stories/<int:pk>/remove/", decisions.story_remove, name="story_remove"),
    path("stories/<int:pk>/restore/", decisions.story_restore, name="story_restore"),
    path("stories/<int:pk>/promote/", decisions.story_promote, name="story_promote"),
]

coverage_urls = [
    path("stories/<int:pk>/link/", coverage.story_link, name="story_link"),
    path("covered/", suggestions.covered, name="covered"),
    path("stories/<int:pk>/suggestions/", suggestions.story_suggestions, name="story_suggestions"),
    path(
        "stories/<int:pk>/suggestions/accept/",
        suggestions.story_suggestion_accept,
        name="story_suggestion_accept",
    ),
    path(
        "stories/<int:pk>/suggestions/refuse/",
        suggestions.story_suggestion_refuse,
        name="story_suggestion_refuse",
    ),
    path("stories/<int:pk>/unlink/", decisions.story_unlink, name="story_unlink"),
    path("stories/<int:pk>/keep-apart/", decisions.story_keep_apart, name="story_keep_apart"),
    path(
        "stories/<int:pk>/allow-together/",
        decisions.story_allow_together,
        name="story_allow_together",
    ),
    path("stories/<int:pk>/lead/", decisions.story_lead, name="story_lead"),
    path("stories/<int:pk>/follows/<slug:what>/", follows.story_follows, name="story_follows"),
    path("coverage/", coverage.coverage_list, name="coverage_list"),
    path("repair/", repairs.repair_list, name="repair_list"),
    path("stories/<int:pk>/repair/", repairs.story_repair, name="story_repair"),
    path("rule/", rule.rule_simulation, name="rule_simulation"),
    path("coverage/merge/", regrouping.coverage_merge, name="coverage_merge"),
    path("coverage/<int:pk>/", coverage.coverage_detail, name="coverage_detail"),
    path("coverage/<int:pk>/regroup/", regrouping.coverage_regroup, name="coverage_regroup"),
]

activity_urls = [
    path("conflicts/", conflicts.conflict_list, name="conflict_list"),
    path("conflicts/settle/", conflicts.conflict_settle, name="conflict_settle"),
    path("answers/<int:pk>/forget/", conflicts.answer_forget, name="answer_forget"),
    path("activity/", changes.change_list, name="change_list"),
    path("insight/", insight.insight, name="insight"),
    path("activity/revert/", changes.change_revert, name="change_revert"),
    path("changes/<int:pk>/undo/", changes.change_undo, name="change_undo"),
    path("undo/", changes.undo, name="undo"),
    path("redo/", changes.redo, name="redo"),
]

sync_urls = [
    path("sync/", sync.run_list, name="run_list"),
    path("sync/start/", sync.sync_start, name="sync_start"),
    path("sync/<int:pk>/", sync.run_detail, name="run_detail"),
    path("sync/<int:pk>/live/", sync.run_live, name="run_live"),
    path("releases/", releases.release_list, name="release_list"),
    path("releases/new/", releases.release_new, name="release_new"),
    path("releases/<int:pk>/", releases.release_detail, name="release_detail"),
    path("releases/<int:pk>/back/", releases.release_take_back, name="release_take_back"),
    path("releases/files/<int:pk>/", releases.releasefile_diff, name="releasefile_diff"),
    path("sites/<slug:slug>/front-page/", front_history.front_page, name="front_page"),
    path("stories/<int:pk>/diff/", releases.story_diff, name="story_diff"),
    path("stories/<int:pk>/life/", life.story_life, name="story_life"),
    path("stories/<int:pk>/life/revert/", life.story_life_revert, name="story_life_revert"),
]

health_urls = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

# The public JSON of a site, without login; the paths are those the site itself serves.
site_urls = [
    path("index.json", site.site_index_json, name="site_index_json"),
    path("page/<int:number>/index.json", site.site_index_json, name="site_index_json"),
    path("<slug:topic>/index.json", site.site_topic_json, name="site_topic_json"),
    path("<slug:topic>/page/<int:number>/index.json", site.site_topic_json, name="site_topic_json"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *home_urls,
    *mine_urls,
    *story_urls,
    *coverage_urls,
    *activity_urls,
    *sync_urls,
    *health_urls,
    path("site/<slug:slug>/api/news/", include(site_urls)),
]
